export { findConflicts } from "./conflicts.ts";
export { CHAPTERS, FINDING_KINDS, type FindingCode } from "./findings/catalogue.ts";
export { recognizedAs } from "./findings/check-unknown.ts";
export type { FindingKind } from "./findings/kind.ts";
export { mistakes } from "./findings/mistakes.ts";
export { pathText } from "./findings/path-text.ts";
export { among } from "./findings/same-number.ts";
export { isSure, type Known } from "./findings/sure.ts";
export type { MediaSettings, NumberPlans, OutboundTrunk, Survey } from "./findings/survey.ts";
export { type ApiInboundTrunk, type ApiRule, ruleOf, trunkOf } from "./from-api.ts";
export { lint } from "./lint.ts";
export { normalizeNumber } from "./numbers.ts";
export { letsEveryoneIn } from "./openness.ts";
export { routeCall } from "./route-call.ts";
export type {
  Answer,
  AnswerKind,
  Call,
  Conflict,
  ConflictOptions,
  Explanation,
  Finding,
  LintOptions,
  Refusal,
  RoomName,
  RoomRule,
  Rule,
  RuleVerdict,
  Severity,
  SipAnswer,
  Target,
  Trunk,
  TrunkVerdict,
} from "./types.ts";
