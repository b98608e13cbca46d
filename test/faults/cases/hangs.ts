import { setTimeout as pause } from "node:timers/promises";
import type { CallFault } from "../call-fault.ts";

const STOPPED_MS = 20_000;

/** Processes that stand still and do not end: no connection breaks, nobody answers. */
export const HANGS: readonly CallFault[] = [
  {
    group: "SIGSTOP",
    name: "redis for 20 s, in the conversation",
    talk: "long",
    awayMs: STOPPED_MS,
    meanwhile: async (faults, since) => {
      await faults.happens("greeting.finished", since, 2);
      const { pid } = faults.system.redis.running;
      process.kill(pid, "SIGSTOP");
      await pause(STOPPED_MS);
      process.kill(pid, "SIGCONT");
    },
  },
];
