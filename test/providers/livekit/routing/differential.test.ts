import fc from "fast-check";
import { isRefusedAlone, refusedRules, refusedTrunks } from "../../../../providers/livekit/routing/api-refusals.ts";
import { type Rule, routeCall } from "../../../../providers/livekit/routing/index.ts";
import { prepareTrunks, sortRules } from "../../../../providers/livekit/routing/prepared.ts";
import { Oracle } from "../../../oracle/oracle.ts";
import { hasSeveralCandidates, label, oracleOutcome, ourOutcome } from "./comparison.ts";
import { KINDS } from "./kinds.ts";
import { newerScenario, type Scenario, scenario } from "./scenarios.ts";

/** `ROUTING_CASES=200000` for the long run, `ROUTING_SEED` to repeat one. */
const CASES = Number(process.env.ROUTING_CASES ?? 10_000);
const SEED = Number(process.env.ROUTING_SEED ?? Date.now() % 2 ** 31);
const LIMIT_MS = 60_000 + CASES * 5;

/** What a sample must have so that agreement means something, in percent. */
const LEAST_WITH_CHOICE = 30;
const LEAST_OF_EACH_ANSWER = 2;
const LEAST_OF_EACH_KIND = 1;
const ANSWERS = [
  ...["room", "challenge", "wrong-credentials", "pin-required", "wrong-pin", "no-match", "server-crash"],
  ...["trunks-with-called-number", "trunks-without-numbers", "rules", "rule-of-unknown-kind", "source-address"],
];

let oracle: Oracle;
beforeAll(async () => {
  oracle = await Oracle.start();
}, 300_000);
afterAll(() => oracle.stop());

const seen = new Map<string, number>();
const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
const percent = (what: string) => (100 * (seen.get(what) ?? 0)) / CASES;

test(
  `${CASES} calls of ${CASES} are answered as by livekit-server's own packages (seed ${SEED})`,
  async () => {
    const compare = async (project: Scenario) => {
      const { trunks, rules, call } = project;
      for (const [kind, isIn] of KINDS) if (isIn(project)) count(kind);
      const response = await oracle.ask(trunks, rules, [call]);
      const [answer] = response.answers;
      if (!answer) throw new Error("the oracle did not answer");
      const theirs = oracleOutcome(answer, call);
      const ours = routeCall(trunks, rules, call);
      expect(ourOutcome(ours, theirs)).toEqual(theirs);
      count(label(ours));
      if (hasSeveralCandidates(ours)) count("choice");
    };
    await fc.assert(fc.asyncProperty(scenario, compare), { numRuns: CASES, seed: SEED });
    process.stdout.write(`routing: ${CASES} cases, seed ${SEED}: ${JSON.stringify(Object.fromEntries(seen))}\n`);
  },
  LIMIT_MS,
);

test(`they are no easy sample: ${LEAST_WITH_CHOICE} % have a choice of trunks or rules, every answer is there`, () => {
  expect(percent("choice")).toBeGreaterThanOrEqual(LEAST_WITH_CHOICE);
  expect(ANSWERS.filter((answer) => percent(answer) < LEAST_OF_EACH_ANSWER)).toEqual([]);
});

test(`each of ${KINDS.length} kinds of input is in ${LEAST_OF_EACH_KIND} % of them or more`, () => {
  const rare = KINDS.filter(([kind]) => percent(kind) < LEAST_OF_EACH_KIND);
  expect(rare.map(([kind]) => `${kind}: ${percent(kind)} %`)).toEqual([]);
});

test(
  "what is told about a project with rules of a kind that only a newer LiveKit knows holds whatever the kind turns out to be",
  async () => {
    let told = 0;
    const compare = async ({ trunks, rules, call, revealed }: Scenario & { revealed: Rule["room"][] }) => {
      const ours = routeCall(trunks, rules, call);
      const final = ours.kind === "challenge" ? ours.then : ours;
      if (final.kind === "cannot-tell") return;
      const real = rules.map((rule, index) => ({
        ...rule,
        room: rule.room.type === "newer" ? (revealed[index] ?? rule.room) : rule.room,
      }));
      const [answer] = (await oracle.ask(trunks, real, [call])).answers;
      if (!answer) throw new Error("the oracle did not answer");
      const theirs = oracleOutcome(answer, call);
      expect(ours.kind).toBe(theirs.kind);
      if (final.kind !== "refused") expect(ourOutcome(ours, theirs)).toEqual(theirs);
      told++;
    };
    await fc.assert(fc.asyncProperty(newerScenario, compare), { numRuns: 2000, seed: SEED });
    expect(told).toBeGreaterThan(200);
  },
  LIMIT_MS,
);

test(
  "the API refuses what its own checks refuse",
  async () => {
    const compare = async ({ trunks, rules }: Scenario) => {
      const { trunksRefused, rulesRefused, trunksInvalid = [] } = await oracle.ask(trunks, rules, []);
      expect(refusedTrunks(prepareTrunks(trunks))[0]?.ids.toReversed()).toEqual(trunksRefused);
      if (rulesRefused?.[0] === "unknown-kind") expect(rules.map(({ room }) => room.type)).toContain("unknown");
      else expect(refusedRules(sortRules(rules))[0]?.ids.toReversed()).toEqual(rulesRefused);
      expect(
        trunks
          .filter(isRefusedAlone)
          .map(({ id }) => id)
          .sort(),
      ).toEqual(trunksInvalid);
    };
    await fc.assert(fc.asyncProperty(scenario, compare), { numRuns: 1000, seed: SEED });
  },
  LIMIT_MS,
);
