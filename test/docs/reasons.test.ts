import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cureOf, DIAL_FAILURES, REASONS, WITHOUT_CURE } from "../../service/middleware/calls/reasons.ts";

const operations = readFileSync("docs/OPERATIONS.md", "utf8");
const CALLS = "service/middleware/calls";
const sources = readdirSync(CALLS)
  .filter((name) => name.endsWith(".ts") && name !== "reasons.ts")
  .map((name) => readFileSync(join(CALLS, name), "utf8"));

/** Every text that the code gives a call as its reason; what it fills in is `…`. */
const given = sources.flatMap((source) =>
  [
    /\b(?:giveUp|giveUpRoom|fallBack|end)\([^;=]*?["`]([^"`]+)["`]\)/g,
    /\bconst LEG_[A-Z]+ = "([^"]+)"/g,
    /\breason: ["`]([^"`]+)["`]/g,
    /\breturn [^;\n]*? \? "([a-z][^"]+ [^"]+)" : undefined/g,
    /\breturn "([a-z][^"]+ [^"]+)";/g,
    /[:?] `([^`]+)`/g,
    /\?\? ["`]([a-z][^"`]+)["`]\)/g,
    /\bnew Error\("([^"]+)"\)/g,
  ].flatMap((pattern) => [...source.matchAll(pattern)].map(([, text = ""]) => text.replaceAll(/\$\{[^}]*\}/g, "…"))),
);

test.each(REASONS)("OPERATIONS has the row of: $reason", ({ statuses = [], reason, cure }) => {
  const cells = [reason, statuses.join(", "), cure].map((cell) => (cell === "" ? " " : ` ${cell} `));
  expect(operations).toContain(`|${cells.join("|")}|\n`);
});

test("each status has one reason", () => {
  const statuses = DIAL_FAILURES.flatMap((failure) => failure.statuses);
  expect(new Set(statuses).size).toBe(statuses.length);
});

test("each reason that the code gives has a cure, or is known to have none", () => {
  expect(given.length).toBeGreaterThan(15);
  expect([...new Set(given)].filter((text) => cureOf(text) === undefined && !WITHOUT_CURE.includes(text))).toEqual([]);
});

test("each row is given by the code", () => {
  const known = new Set([...given, ...DIAL_FAILURES.map(({ reason }) => reason)]);
  expect(REASONS.map(({ reason }) => reason).filter((reason) => !known.has(reason))).toEqual([]);
});

test.each([
  ["no audio from the caller for 181 s: media timeout", /timeoutSeconds/],
  ["LiveKit refused the carrier's credentials (SIP 401)", /drift --heal/],
  ["the SBC or LiveKit forbade the call (SIP 403)", /JAMBONES_NETWORK_CIDR/],
  ["the agent's leg was rejected", /480 with `X-Reason`/],
])("%s", (reason, cure) => {
  expect(cureOf(reason)).toMatch(cure);
});

test.each(["completed", "constructor", "", undefined])("%s has no cure", (reason) => {
  expect(cureOf(reason)).toBeUndefined();
});
