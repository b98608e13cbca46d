import { agentReportSchema, callContextSchema, callFlowSchema } from "@trunkline/shared";
import { z } from "zod";
import type { CallRecord } from "../calls/call-record.ts";
import { PHASES } from "../calls/call-state.ts";
import { unpackEnded } from "./ended-record.ts";

/**
 * The version of records that this code writes. Each version that was ever written stays readable: test/service/middleware/store/versions
 * holds what each one left in Redis. A change that older readers cannot take as an optional field is a new version.
 * 1: without `v` · 2: with it; ended calls packed.
 */
const RECORD_VERSION = 2;

const at = z.int().min(0);
const text = z.string().optional().catch(undefined);
const origin = z.looseObject({
  sipCallId: text,
  jambonzTraceId: text,
  jambonzAccountSid: text,
  offeredCodecs: z.array(z.string()).optional().catch(undefined),
});
/** Optional parts that are not readable are left out: they are news, and no call depends on them. */
const schema = z.looseObject({
  context: callContextSchema.loose(),
  callSid: z.string(),
  watcher: z.string().optional().catch(undefined),
  earlier: z.string().optional().catch(undefined),
  origin: origin.optional().catch(undefined),
  state: z.looseObject({
    phase: z.enum(PHASES),
    flow: callFlowSchema,
    startedAt: at,
    phaseSince: at,
    agentReady: z.boolean(),
    inQueue: z.boolean(),
    assumeInQueueAt: at,
    lastDispatchAt: at,
    legCreatedAt: at.optional(),
    legMissingSince: at.optional(),
    emptySince: at.optional(),
    agentMissingSince: at.optional(),
    agentReplacedAt: at.optional(),
    legSid: z.string().optional(),
    isRinging: z.literal(true).optional().catch(undefined),
    ringingAt: at.optional().catch(undefined),
    agentReadyAt: at.optional().catch(undefined),
    queuedAt: at.optional().catch(undefined),
    movedAt: at.optional().catch(undefined),
    lostAt: at.optional().catch(undefined),
    isSecondTry: z.literal(true).optional().catch(undefined),
    moves: z.int().min(0).optional().catch(undefined),
    reason: z.string().optional(),
    mediaTimeoutMs: at.optional().catch(undefined),
    transferTo: z.string().optional(),
    livekitCallId: z.string().optional().catch(undefined),
    agentReport: agentReportSchema.loose().optional().catch(undefined),
  }),
  timeline: z.array(z.looseObject({ event: z.string(), at })),
  answer: z
    .array(z.looseObject({ verb: z.string() }))
    .optional()
    .catch(undefined),
});

/** A text that is not a readable record. */
export class RecordError extends Error {
  /** Written by a later version: it is left to that version's instances. */
  readonly isNewer: boolean;
  constructor(message: string, isNewer: boolean) {
    super(message);
    this.name = "RecordError";
    this.isNewer = isNewer;
  }
}

/** A live call's record as text. Fields of a later version that were read go back with it. */
export function recordText(record: CallRecord): string {
  return JSON.stringify({ ...record, v: RECORD_VERSION });
}

/**
 * Reads a record of any version.
 * @throws RecordError
 */
export function readRecord(text: string, callId: string): CallRecord {
  const value = parsed(text);
  const known = Array.isArray(value) ? unpackEnded(value, callId) : value;
  const { success, data, error } = schema.safeParse(known);
  if (success && data.context.callId === callId) return withoutVersion(data);
  const version = versionOf(value);
  const isNewer = typeof version === "number" && version > RECORD_VERSION;
  throw new RecordError(
    `version ${version ?? 1}: ${error?.issues.map(describe).join("; ") ?? "is the record of another call"}`,
    isNewer,
  );
}

function withoutVersion({ v: _version, ...record }: z.infer<typeof schema>): CallRecord {
  return record as unknown as CallRecord;
}

/** A packed record begins with its version. */
function versionOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : (value as { v?: unknown } | null | undefined)?.v;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RecordError("is not JSON", false);
  }
}

function describe(issue: z.core.$ZodIssue): string {
  return `${issue.path.join(".") || "record"}: ${issue.message}`;
}
