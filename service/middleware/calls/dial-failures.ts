/** Why LiveKit, or the SBC on the way to it, did not take a dial, and what to do: shared by the record, the page, the ticket and docs/OPERATIONS.md. */
export interface DialFailure {
  /** SIP statuses of the dialled leg (jambonz: `sip_status`, `dial_sip_status`). */
  readonly statuses: readonly number[];
  readonly reason: string;
  readonly cure: string;
}

export const DIAL_FAILURES: readonly DialFailure[] = [
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

/** Why a dial failed; undefined where its status names no cause (487: it was canceled). */
export function dialFailure(sipStatus: number | undefined): string | undefined {
  const found = DIAL_FAILURES.find(({ statuses }) => sipStatus !== undefined && statuses.includes(sipStatus));
  return found && `${found.reason} (SIP ${sipStatus})`;
}

/** What to do about a record's reason, where the table has it. */
export function cureOf(reason: string | undefined): string | undefined {
  return DIAL_FAILURES.find((failure) => reason?.startsWith(`${failure.reason} (SIP `))?.cure;
}
