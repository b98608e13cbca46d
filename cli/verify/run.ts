import type { Verdict } from "./checks.ts";
import { follow, type Watching } from "./follow.ts";
import { TEST_CALLS, type TestCall } from "./test-calls.ts";

/** What became of one promise. */
export interface Result {
  check: string;
  title: string;
  verdict: Verdict;
  saw: string;
  /** The id of the call on which it was seen; undefined where there was none. */
  callId: string | undefined;
}

/** All test calls: those that need the agent first, then the one without it. The agent is started again whatever happens. */
export async function runTestCalls(watching: Watching): Promise<Result[]> {
  const withAgent = TEST_CALLS.filter(({ withoutAgent }) => !withoutAgent);
  const results = await runWithAgent(withAgent, watching);
  for (const testCall of TEST_CALLS.filter(({ withoutAgent }) => withoutAgent))
    results.push(...(await runWithoutAgent(testCall, watching)));
  return results;
}

async function runWithAgent(testCalls: TestCall[], watching: Watching): Promise<Result[]> {
  if (watching.person.canOverlap) return (await Promise.all(testCalls.map((each) => run(each, watching)))).flat();
  const results: Result[] = [];
  for (const testCall of testCalls) results.push(...(await run(testCall, watching)));
  return results;
}

async function runWithoutAgent(testCall: TestCall, watching: Watching): Promise<Result[]> {
  const { person } = watching;
  if (!(await person.stopAgent())) return skipped(testCall, "the agent was not stopped");
  try {
    return await run(testCall, watching);
  } finally {
    await person.startAgent();
  }
}

async function run(testCall: TestCall, watching: Watching): Promise<Result[]> {
  const why = testCall.impossible?.(watching.facts);
  if (why !== undefined) return skipped(testCall, why);
  const seen = await follow(testCall, watching);
  return testCall.checks.map(({ id, title, judge }) => ({ check: id, title, ...judge(seen), callId: seen.call?.id }));
}

function skipped({ checks }: TestCall, why: string): Result[] {
  return checks.map(({ id, title }) => ({ check: id, title, verdict: "skipped", saw: why, callId: undefined }));
}

/** Nothing failed, and there was an answer. What could not be told, or was not tried, is in the report. */
export function isGood(results: readonly Result[]): boolean {
  const isAnswered = results.some(({ check, verdict }) => check === "answered" && verdict === "ok");
  return isAnswered && results.every(({ verdict }) => verdict !== "failed");
}
