import { setTimeout as pause } from "node:timers/promises";
import type { PathState } from "../../../sandbox/faults/tcp-proxy.ts";
import type { CallFault } from "../call-fault.ts";
import type { FaultSystem } from "../call-system.ts";

const GROUP = "path to Redis";
const SHORT_MS = 5_000;

/** The way from the middleware to its Redis: slow, broken, silent. */
export const STORE_PATH: readonly CallFault[] = [
  {
    group: GROUP,
    name: "50 ms slower in each direction",
    before: becomes({ delayMs: 50 }),
    meanwhile: async () => {},
  },
  {
    group: GROUP,
    name: "1 s slower in each direction: longer than a command may take",
    before: becomes({ delayMs: 1_000 }),
    meanwhile: async () => {},
  },
  {
    group: GROUP,
    name: "every connection reset, from the start",
    before: becomes("reset"),
    meanwhile: opensAfter(SHORT_MS),
  },
  {
    group: GROUP,
    name: "connections reset five times while calls are set up",
    meanwhile: async (system) => {
      for (let times = 0; times < 5; times++) {
        await pause(400);
        system.redisPath.become("reset");
        system.redisPath.become("open");
      }
    },
  },
  {
    group: GROUP,
    name: "a black hole from the start, for 5 s",
    before: becomes("black hole"),
    meanwhile: opensAfter(SHORT_MS),
  },
  {
    group: GROUP,
    name: "a black hole once the room is there, for 5 s",
    awayMs: SHORT_MS,
    meanwhile: async (system, since) => {
      await system.happens("room.created", since);
      await becomes("black hole")(system);
      await opensAfter(SHORT_MS)(system);
    },
  },
  {
    group: GROUP,
    name: "a black hole in the conversation, for 5 s",
    talk: "long",
    meanwhile: async (system, since) => {
      await system.happens("greeting.finished", since, 2);
      await becomes("black hole")(system);
      await opensAfter(SHORT_MS)(system);
    },
  },
];

function becomes(state: PathState) {
  return async ({ redisPath }: FaultSystem) => redisPath.become(state);
}

function opensAfter(ms: number) {
  return async ({ redisPath }: FaultSystem) => {
    await pause(ms);
    redisPath.become("open");
  };
}
