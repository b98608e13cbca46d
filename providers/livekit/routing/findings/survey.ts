import type { PreparedTrunk } from "../prepared.ts";
import type { Finding, Rule, Severity, Target, Trunk } from "../types.ts";
import { FINDING_KINDS, type FindingCode } from "./catalogue.ts";
import type { Comparable } from "./same-number.ts";

/** Settings of media and time that trunks of both directions have. */
export interface MediaSettings {
  krisp?: boolean;
  /** Calls without SRTP are refused. */
  requiresEncryption?: boolean;
  onlyListedCodecs?: boolean;
  codecs?: readonly string[];
  ringingSeconds?: number;
  maxCallSeconds?: number;
  mediaTimeoutSeconds?: number;
}

/** An outbound trunk, reduced to what can be wrong with it by itself. */
export interface OutboundTrunk {
  id: string;
  name: string;
  address: string;
  transport: "auto" | "udp" | "tcp" | "tls";
  numbers: readonly string[];
  authUsername: string;
  /** Empty: none, or not shown by the API (LiveKit Cloud). */
  authPassword: string;
  /** Of a file for `lk sip … create`: an empty password is none, also on LiveKit Cloud. */
  isPasswordShown?: boolean;
  country: string;
  fromHost: string;
}

/** What the numbering plans of all countries say of a number. */
export interface NumberPlans {
  /** The one international form of a number in another spelling; undefined where it has none, or its country is not known. */
  toE164: (text: string) => string | undefined;
  /** The national prefix behind the country code, where nobody dials it: `0` in `+49 030 …`; undefined: none. */
  strayPrefix: (text: string) => string | undefined;
  /** What it is dialled abroad with: `00`, `011`; undefined: it does not begin so. */
  exitCode: (text: string) => string | undefined;
}

/** A part of an object that this version does not know. */
export interface UnknownPiece {
  id: string;
  what: "field" | "value" | "rule kind";
  /** From the object down, as it was written. */
  path: readonly (string | number)[];
}

/** A project, as it is searched for mistakes. */
export interface Survey {
  trunks: readonly Trunk[];
  rules: readonly Rule[];
  outbound: readonly OutboundTrunk[];
  /** By trunk id, inbound and outbound. */
  media: ReadonlyMap<string, MediaSettings>;
  unknown: readonly UnknownPiece[];
  /** The project's `host:port`; "" when it is not known. */
  host: string;
  target: Target;
  /** Names of agents that exist. */
  agentNames: readonly string[];
  /** Agents of which a dispatch was seen that no worker took. */
  unanswered: ReadonlyMap<string, string>;
  /** Default: nothing is known of numbers but their characters. */
  plans?: NumberPlans;
  /** Equal for two spellings of one number. Default: LiveKit's own comparison. */
  comparable?: Comparable;
}

/** What the checks share, made once. */
export interface Prepared extends Survey {
  prepared: readonly PreparedTrunk[];
  byId: ReadonlyMap<string, PreparedTrunk>;
}

/** @param severity milder than the kind's, where this case is */
export function finding(code: FindingCode, ids: readonly string[], message: string, severity?: Severity): Finding {
  return { code, severity: severity ?? FINDING_KINDS[code].severity, ids: [...ids], message };
}

/** A value in a sentence: it cannot close its quotes. What cannot be seen in it is escaped where the sentence is shown. */
export function inQuotes(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** Few of many, in a sentence. */
export function some(list: readonly string[], most = 5): string {
  const shown = list.slice(0, most).map(inQuotes).join(", ");
  return list.length > most ? `${shown} and ${list.length - most} more` : shown;
}
