import { setTimeout as pause } from "node:timers/promises";
import { SHORT_SIGNAL_RETRY } from "../../../sandbox/servers/livekit-server.ts";
import type { CallFault } from "../call-fault.ts";
import { PARTS, type Part } from "../call-system.ts";

const LONG_MS = 20_000;
/** As a network between two parts may be away: who is on the phone is to be with the agent afterwards. */
const SHORT_MS = 2_000;
/** docs/FAULTS.md, "What has to hold". */
const MOST_SILENCE_MS = 3_000;

/** Processes that stand still and do not end: no connection breaks, nobody answers. */
export const HANGS: readonly CallFault[] = [
  { ...stopped("redis", LONG_MS), mostSilenceMs: MOST_SILENCE_MS },
  {
    ...stopped("redis", LONG_MS),
    name: "redis for 20 s, in the conversation, LiveKit with its default `retry_timeout`",
    mostSilenceMs: MOST_SILENCE_MS,
    before: (faults) => faults.restartLivekit(SHORT_SIGNAL_RETRY),
  },
  ...PARTS.filter((part) => part !== "redis").map((part) => stopped(part, LONG_MS)),
  ...(["livekit-sip", "livekit-server"] as const).map((part) => stopped(part, SHORT_MS)),
];

function stopped(part: Part, ms: number): CallFault {
  return {
    group: "SIGSTOP",
    name: `${part} for ${ms / 1_000} s, in the conversation`,
    talk: "long",
    awayMs: ms,
    meanwhile: async (faults, since) => {
      await faults.happens("greeting.finished", since, 2);
      faults.signal(part, "SIGSTOP");
      await pause(ms);
      faults.signal(part, "SIGCONT");
    },
  };
}
