import type { CallerReport } from "../../sandbox/callers/sipp-caller.ts";
import type { SeenEvent } from "../../sandbox/start/event-log.ts";
import { GREETING } from "../../service/agent/conversations/greeting.ts";
import { CALLER_HZ, type Said } from "./conversation.ts";

/** What came of an offer. */
export interface Measured {
  status: number;
  reason: string;
  /** Of the answer to the caller. */
  codec: string | undefined;
  profile: string | undefined;
  isEncrypted: boolean;
  keys: { agreed: boolean; toAgent: boolean; toCaller: boolean };
  /** The caller heard the whole greeting. */
  toCaller: boolean;
  /** The agent heard the caller: it said the caller's tone back. */
  toAgent: boolean;
  /** Seconds that a second of the caller's tone lasted at the agent; undefined where none came back. */
  pace: number | undefined;
  /** What LiveKit's INVITE offered to Jambonz. */
  agentOffer: string[] | undefined;
  /** What LiveKit has chosen of the offer of Jambonz. */
  agentCodec: string | undefined;
}

const TOLERANCE_HZ = 15;

/** Pure: from the caller's report, what the caller said, and what the parts of the system saw. */
export function measuredOf(caller: CallerReport, said: Said, events: readonly SeenEvent[]): Measured {
  const echoMs = spanMs(caller, CALLER_HZ);
  const audio = caller.answered ? caller.audio : undefined;
  const leg = (event: string) => events.find((each) => each.source === "jambonz" && each.event === event)?.fields;
  const offered = leg("leg.invite")?.codecs;
  const agentCodec = leg("leg.answered")?.codec;
  return {
    status: caller.finalStatus,
    reason: caller.reason ?? "",
    codec: audio?.codec,
    profile: audio?.profile,
    isEncrypted: audio?.isEncrypted ?? false,
    keys: { agreed: audio?.keyType !== undefined, toAgent: said.keyToAgent, toCaller: said.keyToCaller },
    toCaller: GREETING.every(({ hz }) => spanMs(caller, hz) > 0),
    toAgent: echoMs > 0,
    pace: said.ms > 0 && echoMs > 0 ? Math.round((100 * echoMs) / said.ms) / 100 : undefined,
    agentOffer: Array.isArray(offered) ? offered.map(String) : undefined,
    agentCodec: typeof agentCodec === "string" ? agentCodec : undefined,
  };
}

/** From its first to its last moment: what is stretched also has holes. */
function spanMs({ heard }: CallerReport, wanted: number): number {
  const near = heard.filter(({ hz }) => Math.abs(hz - wanted) <= TOLERANCE_HZ);
  return (near.at(-1)?.toMs ?? 0) - (near[0]?.fromMs ?? 0);
}
