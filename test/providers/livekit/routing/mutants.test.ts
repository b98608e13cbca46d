import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type * as routing from "../../../../providers/livekit/routing/index.ts";
import { checkout } from "../../../../sandbox/root.ts";
import { Oracle, type OracleAnswer } from "../../../oracle/oracle.ts";
import { oracleOutcome, ourOutcome } from "./comparison.ts";
import { type Scenario, scenario } from "./scenarios.ts";

const CASES = 2000;
const SOURCE = checkout("providers", "livekit", "routing");

let folder: string;
let cases: { scenario: Scenario; answer: OracleAnswer | undefined }[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "trunkline-mutants-"));
  const oracle = await Oracle.start();
  const drawn = fc.sample(scenario, { numRuns: CASES, seed: 1 });
  cases = await Promise.all(
    drawn.map(async (one) => ({
      scenario: one,
      answer: (await oracle.ask(one.trunks, one.rules, [one.call])).answers[0],
    })),
  );
  oracle.stop();
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the source as it is makes no mistake in the sample", async () => {
  expect(mistakesOf(await mutant("rule-keys.ts", "", ""))).toBe(0);
});

test.each([
  [
    "rules compare numbers normalised, as trunks do",
    "rule-matching.ts",
    '"spelt-differently" : "absent"',
    '"listed" : "absent"',
  ],
  [
    "a trunk without numbers is as good as one with the called number",
    "trunk-matching.ts",
    "named.length > 0 ? named : unnamed",
    "[...named, ...unnamed]",
  ],
  [
    "only wildcard rules are looked at for a call without a trunk",
    "rule-matching.ts",
    "return [...rules];",
    "return rules.filter((rule) => !hasTrunks(rule));",
  ],
  [
    "a trunk all of whose masks are malformed lets nobody in",
    "masks.ts",
    "open: texts.length === 0",
    "open: masks.length === 0",
  ],
  [
    "an unknown source passes no mask",
    "masks.ts",
    "if (!source || masks.open",
    "if (!source) return false;\n  if (masks.open",
  ],
  ["the host in From does not count", "masks.ts", "|| masks.texts.has(fromHost)", ""],
  [
    "a list of numbers does not outrank a PIN",
    "rule-matching.ts",
    "NO_NUMBERS_PENALTY = 1000",
    "NO_NUMBERS_PENALTY = 10",
  ],
  [
    "a wildcard rule is as good as a rule of the trunk",
    "rule-matching.ts",
    "best(candidates.filter(hasTrunks)) ?? ",
    "",
  ],
  ["a rule does not clash with itself", "rule-keys.ts", "if (first) yield", "if (first && first !== second) yield"],
])("a mistake is caught: %s", async (_what, file, from, to) => {
  expect(mistakesOf(await mutant(file, from, to))).toBeGreaterThan(0);
});

let copies = 0;

/** The routing, from a copy of its source with one change in it. */
async function mutant(file: string, from: string, to: string): Promise<typeof routing> {
  const copy = join(folder, String(copies++));
  cpSync(SOURCE, copy, { recursive: true });
  const source = readFileSync(join(copy, file), "utf8");
  if (!source.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)}: the mutant has to be adapted`);
  writeFileSync(join(copy, file), source.replace(from, to));
  return (await import(join(copy, "index.ts"))) as typeof routing;
}

function mistakesOf({ routeCall }: typeof routing): number {
  return cases.filter(({ scenario: { trunks, rules, call }, answer }) => {
    if (!answer) throw new Error("the oracle did not answer");
    const theirs = oracleOutcome(answer, call);
    return (
      JSON.stringify(sorted(ourOutcome(routeCall(trunks, rules, call), theirs))) !== JSON.stringify(sorted(theirs))
    );
  }).length;
}

function sorted(outcome: object): unknown {
  const entries = Object.entries(outcome).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, value]) => [key, key === "next" ? sorted(value as object) : value]);
}
