import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError } from "../errors.ts";
import type { Running } from "./supervisor.ts";

const STEP_MS = 50;

/**
 * Waits until `isReady` says true. Ends early when the process exits.
 * @throws SandboxError NOT_READY with the name of the log file.
 */
export async function waitUntilReady(
  running: Running,
  isReady: () => Promise<boolean>,
  limitMs = 20_000,
): Promise<void> {
  let code: number | null | undefined;
  void running.exited.then((exitCode) => {
    code = exitCode;
  });
  for (const end = performance.now() + limitMs; performance.now() < end; await sleep(STEP_MS)) {
    if (code !== undefined) throw notReady(running, `ended with code ${code} while it was starting`);
    if (await isReady()) return;
  }
  throw notReady(running, `was not ready within ${limitMs / 1000} s`);
}

function notReady(running: Running, what: string): SandboxError {
  return new SandboxError("NOT_READY", `${running.name} ${what}`, `Its output is in ${running.log}.`);
}

/** Whether something accepts TCP connections on 127.0.0.1:port. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => resolve(socket.destroy() !== undefined));
    socket.once("error", () => resolve(false));
  });
}
