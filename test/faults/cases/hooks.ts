import type { Fate } from "../../../sandbox/calls/hook-proxy.ts";
import type { CallFault } from "../call-fault.ts";

const GROUP = "webhooks of jambonz";
const STATUS = "/livekit-api/status";
const NEW_CALL = "/livekit-api";

/** What becomes of webhooks on their way to the middleware. */
export const HOOKS: readonly CallFault[] = [
  fault("each five times at once", () => ({ copies: 5 })),
  fault("status events in another order: every second one 3 s late", (path, nth) =>
    path === STATUS && nth % 2 === 1 ? { delayMs: 3_000 } : {},
  ),
  fault("all of them late by 0 to 1.2 s, and so out of order", (_path, nth) => ({ delayMs: (nth * 700) % 1_300 })),
  fault("every status event lost", (path) => (path === STATUS ? { lost: "request" } : {})),
  fault("the first try of each lost before the middleware", (path, nth) =>
    path !== STATUS && nth <= 1 ? { lost: "request" } : {},
  ),
  fault("the first answer to each lost on its way back", (path, nth) =>
    path !== STATUS && nth <= 1 ? { lost: "answer" } : {},
  ),
  fault("a new call's webhook twice: the first answer is lost, both calls", (path, nth) =>
    path === NEW_CALL && nth <= 2 ? { lost: "answer" } : {},
  ),
  fault("500 from a router in between, twice for each", (path, nth) =>
    path !== STATUS && nth <= 2 ? { status: 500 } : {},
  ),
];

function fault(name: string, fate: (path: string, nth: number) => Fate): CallFault {
  return {
    group: GROUP,
    name,
    awayMs: 3_000,
    before: async ({ system }) => {
      system.hooks.fate = fate;
    },
    meanwhile: async () => {},
  };
}
