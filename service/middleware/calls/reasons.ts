/** Why a call did not reach its agent, or lost it, and what to do: shared by the record, the live page, the ticket and docs/OPERATIONS.md. */
export interface Reason {
  /** SIP statuses of the leg to LiveKit (jambonz: `sip_status`, `dial_sip_status`); the record's text ends with the one that came. */
  readonly statuses?: readonly number[];
  /** As the record has it; `…` is what differs from call to call. */
  readonly reason: string;
  readonly cure: string;
}

/** Dials that LiveKit, or the SBC on the way to it, did not take. */
export const DIAL_FAILURES: readonly (Reason & Required<Pick<Reason, "statuses">>)[] = [
  {
    statuses: [401, 407],
    reason: "LiveKit refused the carrier's credentials",
    cure: "`drift` names the password that differs, `drift --heal` sets it; `credentialGeneration` makes new ones",
  },
  {
    statuses: [403],
    reason: "the SBC or LiveKit forbade the call",
    cure: "keep LiveKit's and the carriers' addresses out of JAMBONES_NETWORK_CIDR; `doctor` names trunks that allow other addresses",
  },
  {
    statuses: [404],
    reason: "LiveKit has no trunk or rule for the call",
    cure: "`explain` names what is missing, `drift --heal` sets it",
  },
  {
    statuses: [400, 415, 488],
    reason: "LiveKit and the SBC have no codec or media encryption in common",
    cure: "`codecs` names the common codecs; the same `mediaEncryption` on both sides",
  },
  {
    statuses: [408, 480],
    reason: "LiveKit could not be reached, or nobody answered there",
    cure: "`doctor`; is an agent registered, and is its name the one that the rule dispatches?",
  },
  {
    statuses: [486, 600, 603],
    reason: "LiveKit declined the call",
    cure: "`explain`; livekit-sip's log: a call that nobody has prepared ends as `flood`",
  },
  {
    statuses: [500, 502, 503, 504],
    reason: "LiveKit could not take the call",
    cure: "`doctor`: two trunks for one call; LiveKit's status page; the project's quota",
  },
];

export const REASONS: readonly Reason[] = [
  ...DIAL_FAILURES,
  {
    reason: "the agent's leg was rejected",
    cure: "403: `drift` names the password that differs, `drift --heal` sets it; 480 with `X-Reason`: Jambonz got no verbs, see the middleware's log",
  },
  {
    reason: "the agent's leg did not arrive in time",
    cure: "`doctor`; is `sbcAddress` the account's SIP realm, and does the SBC take calls from LiveKit's addresses?",
  },
  {
    reason: "LiveKit did not answer in time",
    cure: "`doctor`; LiveKit's status page",
  },
  {
    reason: "the agent did not come in time",
    cure: "`/readyz`; is the agent's dyno up, is its name the one that the rule dispatches, is it full?",
  },
  {
    reason: "the agent has failed",
    cure: "the agent's log names the error: a key, a quota, its model",
  },
  {
    reason: "the agent was lost",
    cure: "the agent's log around that time: a restart, or no memory left",
  },
  {
    reason: "the agent was lost, and there is no other",
    cure: "the agent's log around that time; more than one agent, so that another can take over",
  },
  {
    reason: "caller and agent were not joined",
    cure: "Jambonz' log for the agent's leg; `ticket --for jambonz`",
  },
  {
    reason: "LiveKit lost the agent's leg",
    cure: "livekit-sip or livekit-server has stopped: its log, or LiveKit's status page",
  },
  {
    reason: "the agent is out of reach",
    cure: "`doctor`; LiveKit's status page",
  },
  {
    reason: "no audio from the caller for … s: media timeout",
    cure: "if it happens often: `media.timeoutSeconds` (180, at most 600); `doctor` names the trunks without it; do the RTP ports let packets through?",
  },
  {
    reason: "too many calls at once",
    cure: "`maxConcurrentCalls`, once agents and LiveKit's quota are enough for more",
  },
  {
    reason: "the called number is not declared",
    cure: "add it to `jambonz.calledNumbers`, or set `jambonz.unknownNumbers: agent`",
  },
  {
    reason: "nothing was heard of it while …",
    cure: "the middleware's log: was it down, or did Jambonz' status hooks not reach it? `drift` compares their URLs",
  },
  {
    reason: "the room is gone",
    cure: "LiveKit's log: a restart without Redis, or a room that was deleted by hand",
  },
  {
    reason: "the room is empty",
    cure: "LiveKit's log: who closed the room, or removed its participants?",
  },
];

/** Normal ends, and those of which nothing more is known. `…` as above. */
export const WITHOUT_CURE: readonly string[] = [
  "the dial ended: …",
  "the queue was left: …",
  "completed",
  "transferred",
  "the agent's leg has ended",
  "the caller hung up in the queue",
  "the call limit has passed",
  "jambonz has no such call any more",
];

/** Why a dial failed; undefined where its status names no cause (487: it was canceled). */
export function dialFailure(sipStatus: number | undefined): string | undefined {
  const found = DIAL_FAILURES.find(({ statuses }) => sipStatus !== undefined && statuses.includes(sipStatus));
  return found && `${found.reason} (SIP ${sipStatus})`;
}

/** Nobody there, or nobody who could take a call now: another one may. jambonz tells no status where it reached nobody. */
const OUT_OF_REACH: readonly (number | undefined)[] = [undefined, 408, 502, 503, 504];

/** Whether LiveKit's SIP side was out of reach for a dial that failed so. */
export function isOutOfReach(sipStatus: number | undefined): boolean {
  return OUT_OF_REACH.includes(sipStatus);
}

/** What to do about a record's reason, where the table has it. */
export function cureOf(reason: string | undefined): string | undefined {
  return REASONS.find((row) => reason !== undefined && isRow(row, reason))?.cure;
}

function isRow({ statuses, reason: shape }: Reason, reason: string): boolean {
  const [head = "", tail = ""] = (statuses === undefined ? shape : `${shape} (SIP …)`).split("…");
  return shape === reason || (head !== shape && reason.startsWith(head) && reason.endsWith(tail));
}
