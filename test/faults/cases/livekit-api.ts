import type { Fate } from "../../../sandbox/calls/hook-proxy.ts";
import type { CallFault } from "../call-fault.ts";

const GROUP = "LiveKit's API";
const FAILED: Fate = { status: 500 };

/** What the middleware gets from LiveKit's API, by method. */
export const LIVEKIT_API: readonly CallFault[] = [
  fault("500 to every request", () => FAILED),
  fault("500 to every second request", (_method, nth) => (nth % 2 === 0 ? FAILED : {})),
  fault("every request reset", () => ({ lost: "request" })),
  fault("1 s slower", () => ({ delayMs: 1_000 })),
  fault("5 s slower: longer than a webhook may take", () => ({ delayMs: 5_000 })),
  fault("CreateRoom: 500", (method) => (method === "CreateRoom" ? FAILED : {})),
  fault("CreateRoom: done, the answer lost", (method) => (method === "CreateRoom" ? { lost: "answer" } : {})),
  fault("CreateSIPParticipant: 500", (method) => (method === "CreateSIPParticipant" ? FAILED : {})),
  fault("CreateSIPParticipant: reset", (method) => (method === "CreateSIPParticipant" ? { lost: "request" } : {})),
  fault("CreateSIPParticipant: done, the answer lost", (method) =>
    method === "CreateSIPParticipant" ? { lost: "answer" } : {},
  ),
  fault("ListParticipants: 500 the first ten times", (method, nth) =>
    method === "ListParticipants" && nth <= 10 ? FAILED : {},
  ),
  fault("DeleteRoom: 500 the first two times", (method, nth) => (method === "DeleteRoom" && nth <= 2 ? FAILED : {})),
];

function fault(name: string, fate: (method: string, nth: number) => Fate): CallFault {
  return {
    group: GROUP,
    name,
    before: async ({ livekitApi }) => {
      livekitApi.fate = (path, nth) => fate(path.split("/").at(-1) ?? "", nth);
    },
    meanwhile: async () => {},
  };
}
