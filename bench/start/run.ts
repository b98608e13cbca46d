import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { StartResult } from "../../sandbox/start/start.ts";

/** One `npm start -- --once` from its command to its end. Times in ms. */
export interface StartRun {
  /** Until a caller has heard the agent. */
  answeredMs: number;
  /** In the order in which they were done. */
  steps: { name: string; ms: number }[];
}

/** The agent is the last that a call needs. */
const READY = /✓ agent /;
const HEARD = "agent_audio_heard_by_caller";

/** @throws Error with what the start has shown, when its call was not answered. */
export async function startOnce(folder: string, env: NodeJS.ProcessEnv): Promise<StartRun> {
  const started = performance.now();
  const shown: string[] = [];
  let readyMs = Number.NaN;
  const child = spawn("npm", ["start", "--silent", "--", "--once", "--json"], { cwd: folder, env });
  createInterface({ input: child.stderr }).on("line", (line) => {
    shown.push(line);
    if (READY.test(line)) readyMs = performance.now() - started;
  });
  let last = "";
  createInterface({ input: child.stdout }).on("line", (line) => {
    last = line;
  });
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once("close", resolve).once("error", reject),
  );
  if (code !== 0) throw new Error(`npm start ended with ${code}\n${shown.slice(-30).join("\n")}`);
  return runOf(readyMs, JSON.parse(last) as StartResult);
}

/** @param readyMs when everything was there for the call. */
export function runOf(readyMs: number, { steps, calls }: Pick<StartResult, "steps" | "calls">): StartRun {
  const heardMs = calls[0]?.timeline.find(({ event }) => event === HEARD)?.ms ?? Number.NaN;
  return { answeredMs: Math.round(readyMs + heardMs), steps };
}
