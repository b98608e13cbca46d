import { NOTHING_SEEN, type Seen } from "../../../cli/verify/seen.ts";

/** A call that was as it should be, until something is said to the contrary. */
export function goodCall(changes: Partial<Seen> = {}, call: Partial<NonNullable<Seen["call"]>> = {}): Seen {
  const startedAt = 1_000_000;
  return {
    ...NOTHING_SEEN,
    call: {
      id: "abcdefghijABCDEFGHIJ",
      state: "ended",
      flow: "callback",
      caller: "+*******701",
      called: "+493012345678",
      startedAt,
      endedAt: startedAt + 14_100,
      agent: { name: "my-telephony-agent", ready: true },
      outcome: "agent",
      timeline: [
        { event: "webhook.received", at: startedAt },
        { event: "agent.ready", at: startedAt + 900 },
      ],
      ...call,
    },
    states: ["waiting", "dialling", "talking", "ended"],
    room: { sipCallId: "SCL_1", callerActive: true, agentAudible: true },
    ear: { greetingWhole: true, keysAnswered: true, lineEnded: true, transferHeard: true, fallbackHeard: true },
    codec: "PCMA",
    ...changes,
  };
}
