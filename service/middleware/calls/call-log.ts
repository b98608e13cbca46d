import { type Logger, maskNumber } from "@trunkline/shared";
import { LEG_ENDED } from "./call-moves.ts";
import type { CallRecord, TimelineEntry } from "./call-record.ts";

type Mark = TimelineEntry["event"];

/** What a mark says in the log; one is read by tools and must stay word for word. */
const MESSAGES: Record<Mark, string> = {
  "webhook.received": "Call received",
  "room.created": "Room created and agent dispatched",
  "agent.ready": "Agent is ready",
  "participant.created": "Successfully created SIP participant",
  "agent_leg.webhook": "Agent leg arrived",
  "agent.lost": "The agent was lost: another one is sent for",
  "call.fallback": "Call gets the fallback",
  "call.again": "The caller is put to the agent again, in another room",
  "call.ended": "Call ended",
};

export interface CallLog {
  /** `{"event","callId","callSid"[,"legSid"],"flow","caller","called"[,"reason"]}`, numbers masked. */
  mark(record: CallRecord, event: Mark): void;
  dispatchedAgain(record: CallRecord): void;
  gaveUp(record: CallRecord): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export function callLog(log: Logger): CallLog {
  return {
    mark: (record, event) => {
      const fields = { event, ...describe(record) };
      if (event === "call.fallback" || event === "call.again" || event === "agent.lost")
        log.warn(fields, MESSAGES[event]);
      else log.info(fields, MESSAGES[event]);
    },
    dispatchedAgain: (record) => log.warn(describe(record), "Dispatched the agent again"),
    gaveUp: (record) => {
      if (isNormalEnd(record))
        log.info(describe(record), "The agent's side has ended: the caller's next hook says what follows");
      else log.warn(describe(record), "Gave up on the agent: the caller's next hook says what follows");
    },
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
  };
}

/** An agent that hangs up ends its leg: most good calls end so. */
function isNormalEnd({ state }: CallRecord): boolean {
  return state.reason === LEG_ENDED && state.abandoned === undefined;
}

function describe({ context, callSid, state }: CallRecord): object {
  const { callId, flow, carrier } = context;
  const numbers = { caller: maskNumber(context.caller), called: maskNumber(context.called) };
  return { callId, callSid, legSid: state.legSid, flow, carrier, ...numbers, phase: state.phase, reason: state.reason };
}
