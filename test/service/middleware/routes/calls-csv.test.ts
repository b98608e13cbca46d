import fc from "fast-check";
import type { CallView } from "../../../../service/middleware/calls/call-view.ts";
import { CSV_COLUMNS, csvOf } from "../../../../service/middleware/routes/calls-csv.ts";

const ENDED: CallView = {
  id: "c1",
  state: "ended",
  flow: "dial",
  caller: "+4930123456",
  called: "4989654321",
  startedAt: Date.UTC(2026, 10, 28, 10),
  endedAt: Date.UTC(2026, 10, 28, 10, 0, 1) + 500,
  outcome: "agent",
  agent: { name: "my-telephony-agent", ready: true },
  ids: { room: "call-c1", callSid: "s1" },
  timeline: [],
};

/** A reader of RFC 4180. */
function cellsOf(csv: string): string[][] {
  const cells = [...csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)];
  const rows: string[][] = [[]];
  for (const [, quoted, plain = "", end] of cells) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ",") rows.push([]);
  }
  return rows.slice(0, -1);
}

test("writes a header and a row per call", () => {
  expect(csvOf([])).toBe(`${CSV_COLUMNS.join(",")}\r\n`);
  const [header = [], row = []] = cellsOf(csvOf([ENDED]));
  expect(Object.fromEntries(header.map((name, index) => [name, row[index]]))).toMatchObject({
    caller: "'+4930123456",
    called: "4989654321",
    carrier: "",
    startedAt: "2026-11-28T10:00:00.000Z",
    endedAt: "2026-11-28T10:00:01.500Z",
    durationSeconds: "1.500",
    outcome: "agent",
    room: "call-c1",
  });
});

test("leaves what is not over yet empty", () => {
  const { endedAt: _, outcome: __, ...talking } = ENDED;
  const [header = [], row = []] = cellsOf(csvOf([{ ...talking, state: "talking" }]));
  for (const name of ["endedAt", "durationSeconds", "outcome"]) expect(row[header.indexOf(name)]).toBe("");
});

test.each([
  '=HYPERLINK("http://x","y")',
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "\n=1",
  "  =1",
  "\u00a0=1",
  "|calc",
  "\uff1d1+1",
])("keeps %j from being computed", (reason) => {
  const [header = [], row = []] = cellsOf(csvOf([{ ...ENDED, reason }]));
  expect(row[header.indexOf("reason")]).toBe(`'${reason}`);
});

test("gives back any text from a caller, in its cell and no other", () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab=+-@,;\"'\r\n\t") });
  fc.assert(
    fc.property(text, (caller) => {
      const [header = [], row = []] = cellsOf(csvOf([{ ...ENDED, caller }]));
      expect(row).toHaveLength(header.length);
      expect([caller, `'${caller}`]).toContain(row[header.indexOf("caller")]);
      expect(row[header.indexOf("caller")]).not.toMatch(/^[=+\-@\t\r\n]/);
    }),
  );
});
