import { pendingDifferences, refreshDifferences } from "../../../cli/drift/changes.ts";
import { recorded } from "./recorded/index.ts";

const brief = (differences: ReturnType<typeof refreshDifferences>) =>
  differences.map(({ kind, object, field, declared, live }) => ({ kind, object, field, declared, live }));

test("a stack that nobody has touched differs in nothing", () => {
  expect(refreshDifferences(recorded("clean.refresh"))).toEqual([]);
});

test("edited fields are told one by one, secrets without their values; a deleted object is missing", () => {
  const sbc = { kind: "changed", object: 'outbound trunk "sbc"' };
  expect(brief(refreshDifferences(recorded("drifted.refresh"))).slice(0, 4)).toEqual([
    { ...sbc, field: "address", declared: "127.0.0.1:5099", live: "evil.example.com" },
    { ...sbc, field: "authPassword", declared: "[secret]", live: "[secret]" },
    { ...sbc, field: 'headers["X-Carrier"]', declared: "Schmidtkom", live: "other" },
    {
      kind: "missing",
      object: 'inbound trunk "dial"',
      field: "",
      declared: expect.stringMatching(/^ST_/),
      live: undefined,
    },
  ]);
});

test("an object whose name the stack watches for is legacy that came back", () => {
  expect(refreshDifferences(recorded("drifted.refresh")).slice(4)).toEqual([
    expect.objectContaining({
      kind: "legacy",
      object: 'inbound trunk "old one" for +4930777',
      id: expect.stringMatching(/^ST_/),
    }),
  ]);
});

test("what the preview would do about these differences is not told a second time", () => {
  const told = refreshDifferences(recorded("drifted.refresh"));
  expect(pendingDifferences(recorded("drifted.preview"), told)).toEqual([]);
});

test("without them it is what is declared and not deployed, but for what cannot be known yet", () => {
  const pending = brief(pendingDifferences(recorded("drifted.preview"), []));
  expect(pending).toContainEqual({
    kind: "pending",
    object: 'inbound trunk "dial"',
    field: "",
    declared: undefined,
    live: undefined,
  });
  expect(pending).toContainEqual({
    kind: "pending",
    object: 'outbound trunk "sbc"',
    field: "address",
    declared: "127.0.0.1:5099",
    live: "evil.example.com",
  });
  expect(pending.filter(({ object }) => object.startsWith("dispatch rule"))).toEqual([]);
});
