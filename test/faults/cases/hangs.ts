import { setTimeout as pause } from "node:timers/promises";
import { SHORT_SIGNAL_RETRY } from "../../../sandbox/servers/livekit-server.ts";
import type { CallFault } from "../call-fault.ts";
import type { FaultSystem } from "../call-system.ts";

const STOPPED_MS = 20_000;
/** docs/FAULTS.md, "What has to hold". */
const MOST_SILENCE_MS = 3_000;

/** Processes that stand still and do not end: no connection breaks, nobody answers. */
export const HANGS: readonly CallFault[] = [
  redisStops("redis for 20 s, in the conversation"),
  {
    ...redisStops("redis for 20 s, in the conversation, LiveKit with its default `retry_timeout`"),
    before: (faults) => faults.restartLivekit(SHORT_SIGNAL_RETRY),
  },
];

function redisStops(name: string): CallFault {
  return {
    group: "SIGSTOP",
    name,
    talk: "long",
    awayMs: STOPPED_MS,
    mostSilenceMs: MOST_SILENCE_MS,
    meanwhile: stopRedis,
  };
}

async function stopRedis(faults: FaultSystem, since: number): Promise<void> {
  await faults.happens("greeting.finished", since, 2);
  const { pid } = faults.system.redis.running;
  process.kill(pid, "SIGSTOP");
  await pause(STOPPED_MS);
  process.kill(pid, "SIGCONT");
}
