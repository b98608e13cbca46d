import type { FindingCode } from "./findings/catalogue.ts";

/**
 * An inbound trunk, reduced to what decides where a call goes. Absent lists are empty lists, which LiveKit reads as "any".
 * A trunk that does not exist yet needs a made-up id that no other has.
 */
export interface Trunk {
  /** `sipTrunkId`. LiveKit lists trunks in the order of their ids. */
  id: string;
  name?: string;
  /** `numbers`: called numbers it serves. */
  calledNumbers?: readonly string[];
  /** `allowedNumbers`: caller numbers it lets in. */
  callerNumbers?: readonly string[];
  /** `allowedAddresses`: IP addresses, CIDR blocks, or texts the From header's host may equal. */
  allowedAddresses?: readonly string[];
  authUsername?: string;
  /** Empty: none, or not shown by the API (LiveKit Cloud). */
  authPassword?: string;
  /** Of a file for `lk sip … create`: an empty password is none, also on LiveKit Cloud. */
  isPasswordShown?: boolean;
  /** livekit-sip sends "LiveKit" when empty. */
  authRealm?: string;
}

/** How a dispatch rule names its room. `unknown` is a kind of rule that this version of LiveKit does not evaluate. */
export type RoomRule =
  | { type: "direct"; roomName: string; pin?: string }
  | { type: "individual"; roomPrefix?: string; noRandomness?: boolean; pin?: string }
  | { type: "callee"; roomPrefix?: string; randomize?: boolean; pin?: string }
  | { type: "unknown" }
  /** A kind that only a LiveKit newer than this version knows: how it routes cannot be told. */
  | { type: "newer"; kind: string };

/** A dispatch rule, reduced to what decides where a call goes. Absent lists are empty lists: "any". */
export interface Rule {
  /** `sipDispatchRuleId`. LiveKit lists rules in the order of their ids. */
  id: string;
  name?: string;
  /** Empty: a wildcard, which also answers calls that no trunk matched, without authentication. */
  trunkIds?: readonly string[];
  /** `numbers`: called numbers, compared character by character. */
  calledNumbers?: readonly string[];
  /** `inboundNumbers`: CALLER numbers, compared character by character. */
  callerNumbers?: readonly string[];
  hidePhoneNumber?: boolean;
  room: RoomRule;
  /** `roomConfig.agents`: dispatched when this call creates the room. */
  agents?: readonly { name: string; metadata?: string }[];
  /** `roomPreset`: settings of the server that rooms are made with; they may name agents, and the API does not show them. */
  roomPreset?: string;
  /** A stack has declared it: rooms and agents are made before its calls come. */
  declared?: boolean;
}

/** One INVITE, as livekit-sip sees it. */
export interface Call {
  /** User part of From; "" for an anonymous caller without one. */
  caller: string;
  /** User part of To. */
  called: string;
  /** IP address the INVITE came from; "" matches every trunk, but no real INVITE is without. */
  sourceAddress: string;
  /** Host of From. It is what the caller writes there. */
  fromHost?: string;
  /** Host of To; LiveKit's matching does not look at it. */
  toHost?: string;
  /** Digest credentials the caller has; absent: none. */
  auth?: { username: string; password: string };
  /** Digits pressed at the prompt before `#`; "" is `#` alone; absent: nothing pressed yet. */
  pin?: string;
}

/** `open-source`: exact (livekit-server 1.13.5, livekit-sip 1.8.0). `cloud`: best knowledge of LiveKit Cloud. */
export type Target = "open-source" | "cloud";

export interface RoomName {
  /** Fixed part, or the whole name. */
  name: string;
  /** Whether `_` and 12 random characters follow. */
  randomSuffix: boolean;
}

export type TrunkVerdict =
  | "matches"
  /** One of several that match: the call is refused. */
  | "clashes"
  /** It has no called numbers, and another trunk has the called one. */
  | "beaten-by-called-number"
  | "caller-not-allowed"
  | "source-not-allowed"
  | "other-called-numbers";

export type RuleVerdict =
  | "matches"
  /** Has the same trunk, caller, called number and PIN as another: every call for which both are looked at is refused. */
  | "clashes"
  /** Of a kind that cannot be evaluated: every call for which it is looked at is refused. */
  | "unknown-kind"
  /** Of a kind that this version does not know: what it does cannot be told. */
  | "newer-kind"
  | "other-trunk"
  | "caller-not-listed"
  /** Listed, but spelt in another way: only trunks compare normalised. */
  | "caller-spelt-differently"
  | "called-not-listed"
  | "called-spelt-differently"
  | "other-pin"
  /** It has a PIN, and the caller pressed `#` only. */
  | "needs-pin"
  /** It has no PIN, and the caller sent one. */
  | "takes-no-pin"
  | "beaten-by-trunk-rule"
  /** Another rule has a PIN, or lists the numbers, or sorts first. */
  | "beaten-by-priority"
  /** The call was decided before the rules. */
  | "not-looked-at";

/** Why each trunk and each rule had which part in the answer, in the order LiveKit looks at them. */
export interface Explanation {
  trunks: { id: string; verdict: TrunkVerdict }[];
  rules: { id: string; verdict: RuleVerdict }[];
}

/** What is sent to the caller. `undefined` status: nothing final, 180 Ringing until the caller gives up. */
export interface SipAnswer {
  status: number | undefined;
  reason: string;
}

export type Refusal =
  /** More than one trunk with the called number matches. */
  | "trunks-with-called-number"
  /** No trunk with the called number, and more than one trunk without numbers matches. */
  | "trunks-without-numbers"
  /** Two rules, or one rule twice, with the same trunk, caller, called number and PIN. */
  | "rules"
  | "rule-of-unknown-kind"
  /** The source address is no IP address. */
  | "source-address";

interface Common {
  sip: SipAnswer;
  /** Trunk that matched; absent when none did. */
  trunk?: Trunk;
  explanation: Explanation;
}

export type Answer = Common &
  (
    | { kind: "room"; rule: Rule; room: RoomName; agents: readonly { name: string; metadata?: string }[] }
    /** 407; `then` is the answer to the same call with the right credentials. */
    | { kind: "challenge"; trunk: Trunk; realm: string; then: Answer }
    | { kind: "wrong-credentials"; trunk: Trunk }
    /** Answered with 200 and a prompt. */
    | { kind: "pin-required"; rule: Rule }
    /** Answered with 200, then ended: too long, no rule has it, or a rule with an empty room name has it. */
    | { kind: "wrong-pin" }
    /** 503 Try again later, every time; `candidates` are the ids of the trunks or rules that clash (all of them). */
    | { kind: "refused"; because: Refusal; candidates: string[] }
    /** No rule (Cloud: or no trunk) matches: dropped as "flood" without an answer; Cloud sends 404. */
    | { kind: "no-match"; noTrunk: boolean }
    /** A rule with hidePhoneNumber takes a caller without number: livekit-server 1.13.5 panics, livekit-sip gets no answer. */
    | { kind: "server-crash"; rule: Rule }
    /** A rule that is looked at is of a kind that this version does not know; `otherwise` is the answer without such rules. */
    | { kind: "cannot-tell"; rules: string[]; otherwise: Answer }
  );

export type AnswerKind = Answer["kind"];

export interface Conflict {
  /** What clashes: two trunks, two rules, one rule with itself, or one rule that cannot be evaluated. */
  between: "trunks" | "rules" | "rule-itself";
  /** Ids of the pair in list order; twice the same when a rule clashes with itself. */
  ids: [string, string];
  /** A call that is refused because of the pair. */
  example: Call;
  refusal: Refusal;
  /** `503 Try again later`. */
  sip: SipAnswer;
  /** True when the trunk of the call asks for credentials first: 407, then the refusal. */
  afterCredentials: boolean;
  /** True when only a caller who writes another trunk's address into From gets there; a plain call does not. */
  spoofed: boolean;
}

export interface ConflictOptions {
  /** Most conflicts to return, plain and spoofed counted apart. Default 1000. */
  limit?: number;
  /** Whether a clash of these two is wanted; only such count. Default: all are. */
  concerns?: (ids: Conflict["ids"]) => boolean;
  /** Default `open-source`. On Cloud no rule is looked at for a call without a trunk. */
  target?: Target;
}

/** `error`: calls fail or are let in unasked; `warning`: surprising; nothing is reported that is only a matter of taste. */
export type Severity = "error" | "warning";

export interface Finding {
  code: FindingCode;
  severity: Severity;
  /** Ids of the trunks or rules it is about. */
  ids: string[];
  /** One sentence, with the values. */
  message: string;
  conflict?: Conflict;
}

export interface LintOptions {
  /** Ids of trunks and rules whose clashes come first, and are told even where there are too many to tell all. */
  own?: ReadonlySet<string>;
  /** Names under which agents are declared; absent: not checked. */
  agentNames?: readonly string[];
  /** Whether others do not exist, as far as anybody knows; of somebody else's project they may. Default true. */
  areAgentNamesAll?: boolean;
  /** Default `open-source`. */
  target?: Target;
}
