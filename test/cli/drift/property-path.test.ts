import { valueAt } from "../../../cli/drift/property-path.ts";

const trunk = { address: "sbc", headers: { "X-Carrier": "a", 'say "hi"': "b" }, rooms: [{ name: "c" }] };

test.each([
  ["address", "sbc"],
  ['headers["X-Carrier"]', "a"],
  ['headers["say \\"hi\\""]', "b"],
  ["rooms[0].name", "c"],
  ["rooms[1].name", undefined],
  ["address.further", undefined],
])("%s", (path, value) => {
  expect(valueAt(trunk, path)).toBe(value);
});
