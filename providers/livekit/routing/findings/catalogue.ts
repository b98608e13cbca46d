import type { FindingKind } from "./kind.ts";
import { ACCESS_KINDS } from "./kinds-access.ts";
import { AGENT_KINDS } from "./kinds-agents.ts";
import { NUMBER_KINDS } from "./kinds-numbers.ts";
import { OUTBOUND_KINDS } from "./kinds-outbound.ts";
import { ROUTING_KINDS } from "./kinds-routing.ts";
import { UNKNOWN_KINDS } from "./kinds-unknown.ts";

/** Every kind of finding, by chapter: docs/FINDINGS.md is written from it. */
export const CHAPTERS = {
  "Trunks and rules that do not fit together": ROUTING_KINDS,
  "Who answers": AGENT_KINDS,
  "How numbers are written": NUMBER_KINDS,
  "Who is let in": ACCESS_KINDS,
  "Outbound trunks and media": OUTBOUND_KINDS,
  "What this version does not understand": UNKNOWN_KINDS,
} as const;

const ALL = {
  ...ROUTING_KINDS,
  ...AGENT_KINDS,
  ...NUMBER_KINDS,
  ...ACCESS_KINDS,
  ...OUTBOUND_KINDS,
  ...UNKNOWN_KINDS,
} as const;

export type FindingCode = keyof typeof ALL;

export const FINDING_KINDS: Readonly<Record<FindingCode, FindingKind>> = ALL;
