export { findConflicts } from "./conflicts.ts";
export { type ApiInboundTrunk, type ApiRule, ruleOf, trunkOf } from "./from-api.ts";
export { lint } from "./lint.ts";
export { normalizeNumber } from "./numbers.ts";
export { routeCall } from "./route-call.ts";
export type {
  Answer,
  AnswerKind,
  Call,
  Conflict,
  ConflictOptions,
  Explanation,
  Finding,
  FindingCode,
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
