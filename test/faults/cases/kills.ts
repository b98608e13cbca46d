import { setTimeout as pause } from "node:timers/promises";
import type { CallFault } from "../call-fault.ts";
import { type FaultSystem, PARTS, type Part } from "../call-system.ts";

/** Of what a platform takes to start a process anew; far less than the retries of jambonz' webhooks cover (13.5 s). */
const DOWN_MS = 3_000;
/** With its start, and the pause before jambonz asks again. */
const AWAY_MS = 9_000;

/** What tells that a call's set-up has just reached this part. */
const REACHED: Record<Part, string> = {
  middleware: "webhook.received",
  agent: "room.created",
  "livekit-sip": "leg.invite",
  "livekit-server": "room.created",
  redis: "webhook.received",
};
const GREETED = "greeting.finished";

/** kill -9 of each part: before a call, while it is being set up, while caller and agent talk. */
export const KILLS: readonly CallFault[] = PARTS.flatMap((part) => [before(part), during(part), after(part)]);

function before(part: Part): CallFault {
  return {
    ...named(part, "before the call"),
    before: (system) => system.kill(part),
    meanwhile: (system) => comesBack(system, part),
  };
}

function during(part: Part): CallFault {
  return {
    ...named(part, "during the set-up"),
    meanwhile: async (system, since) => {
      await system.happens(REACHED[part], since);
      await system.kill(part);
      await comesBack(system, part);
    },
  };
}

function after(part: Part): CallFault {
  return {
    ...named(part, "in the conversation"),
    talk: "long",
    meanwhile: async (system, since) => {
      await system.happens(GREETED, since, 2);
      await system.kill(part);
      await comesBack(system, part);
    },
  };
}

function named(part: Part, moment: string) {
  return { group: "kill -9", name: `${part}, ${moment}`, awayMs: AWAY_MS };
}

async function comesBack(system: FaultSystem, part: Part): Promise<void> {
  await pause(DOWN_MS);
  await system.restart(part);
}
