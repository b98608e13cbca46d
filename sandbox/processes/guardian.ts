import { setTimeout as sleep } from "node:timers/promises";
import { endRegistered } from "./register.ts";

const SECOND_LOOK_MS = 300;

/**
 * A process of its own that outlives a kill -9 of its parent: its stdin is a pipe from the parent, and when that
 * pipe closes, for whatever reason, every group in the register is ended.
 */
const [registerFile = ""] = process.argv.slice(2);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
process.stdin.resume();
process.stdin.on("end", () => void clean());
process.stdin.on("error", () => void clean());

/** Twice: a child of the instant in which the parent died may not have had its environment yet at the first look. */
async function clean(): Promise<void> {
  await endRegistered(registerFile);
  await sleep(SECOND_LOOK_MS);
  await endRegistered(registerFile);
}
