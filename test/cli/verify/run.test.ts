import type { Watching } from "../../../cli/verify/follow.ts";
import type { Person } from "../../../cli/verify/person.ts";
import { isGood, type Result, runTestCalls } from "../../../cli/verify/run.ts";

/** In which order the test calls are made, and what is left out. The calls themselves: test/start/acceptance.test.ts. */

class Recorder implements Person {
  readonly canOverlap = false;
  readonly patience = { comesMs: 0, lastsMs: 0 };
  readonly did: string[] = [];
  readonly #stops: boolean;

  constructor(stops: boolean) {
    this.#stops = stops;
  }
  async begin({ id }: { id: string }) {
    this.did.push(id);
    return {};
  }
  async answer() {
    return true;
  }
  async codec() {
    return undefined;
  }
  async stopAgent() {
    this.did.push("stop");
    return this.#stops;
  }
  async startAgent() {
    this.did.push("start");
  }
}

function watching(person: Person, changes: Partial<Watching> = {}): Watching {
  return {
    person,
    calls: { recent: async () => [] } as never,
    rooms: {} as never,
    facts: { number: "+493012345678", transferTarget: "+4989300777" },
    listedCodecs: [],
    tell: () => undefined,
    ...changes,
  };
}

const verdicts = (results: Result[]) => Object.fromEntries(results.map(({ check, verdict }) => [check, verdict]));

test("the call without an agent comes last, and the agent is started again although the call failed", async () => {
  const person = new Recorder(true);
  const results = await runTestCalls(watching(person));
  expect(person.did).toEqual(["talk", "agent-hangs-up", "transfer", "stop", "fallback", "start"]);
  expect(verdicts(results)).toMatchObject({ answered: "failed", fallback: "failed" });
});

test("the agent is started again although the middleware broke down under the call", async () => {
  const person = new Recorder(true);
  const broken = { recent: () => (person.did.includes("stop") ? Promise.reject(new Error("gone")) : []) };
  await expect(runTestCalls(watching(person, { calls: broken as never }))).rejects.toThrow("gone");
  expect(person.did.at(-1)).toBe("start");
});

test("an agent that was not stopped, or no number to transfer to: not tried, and the reason is told", async () => {
  const person = new Recorder(false);
  const facts = { number: "+493012345678", transferTarget: undefined };
  const results = await runTestCalls(watching(person, { facts }));
  expect(person.did).toEqual(["talk", "agent-hangs-up", "stop"]);
  const told = results.filter(({ verdict }) => verdict === "skipped").map(({ check, saw }) => [check, saw]);
  expect(told).toEqual([
    ["transfer", expect.stringContaining("allowedTargets")],
    ["fallback", "the agent was not stopped"],
  ]);
});

test("verified is what was answered and has no broken promise; nothing tried is nothing verified", () => {
  const result = (check: string, verdict: Result["verdict"]) => ({ check, verdict }) as Result;
  expect(isGood([result("answered", "ok"), result("codec", "unknown"), result("transfer", "skipped")])).toBe(true);
  expect(isGood([result("answered", "ok"), result("keys", "failed")])).toBe(false);
  expect(isGood([result("answered", "skipped")])).toBe(false);
  expect(isGood([])).toBe(false);
});
