import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { PHASES, type Phase } from "../calls/call-state.ts";
import { callViewSchema, viewOf } from "../calls/call-view.ts";
import { RequestError } from "../errors.ts";
import { type AccessSettings, requireAccess } from "../security/access.ts";
import type { CallPosition, CallQuery, CallStore } from "../store/call-store.ts";

const DEFAULT_LIMIT = 100;
/** All phases, or an encoded cursor. */
const LONGEST_PARAMETER = 256;
const MAX_LIMIT = 500;
const ACTIVE = PHASES.filter((phase) => phase !== "ended");

const states = z
  .string()
  .max(LONGEST_PARAMETER)
  .transform((text, check): readonly Phase[] => {
    if (text === "all") return PHASES;
    if (text === "active") return ACTIVE;
    const parsed = z.array(z.enum(PHASES)).safeParse(text.split(","));
    if (parsed.success) return parsed.data;
    check.issues.push({ code: "custom", input: text, message: `is not active, all, or some of ${PHASES.join(", ")}` });
    return z.NEVER;
  });

const cursor = z
  .string()
  .max(LONGEST_PARAMETER)
  .transform((text, check): CallPosition => {
    const [, startedAt, callId] =
      /^(\d{1,15})\.([A-Za-z0-9-]{1,64})$/.exec(Buffer.from(text, "base64url").toString()) ?? [];
    if (startedAt !== undefined && callId !== undefined) return { startedAt: Number(startedAt), callId };
    check.issues.push({ code: "custom", input: text, message: "is not a `next` of an earlier answer" });
    return z.NEVER;
  });

export const callsQuerySchema = z.object({
  state: states.default(ACTIVE).describe("`active` (default), `all`, or states separated by commas"),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: cursor.optional().describe("`next` of the page before"),
});

export const callsAnswerSchema = z.object({
  calls: z.array(callViewSchema).describe("newest first"),
  next: z.string().optional().describe("the cursor of the next page; missing on the last one"),
});

/** `GET /livekit-api/calls?state&limit&cursor`: calls, newest first; ended ones for a day. */
export function callsRoute(app: FastifyInstance, store: CallStore, access: AccessSettings): void {
  const whole = access.callsToken !== undefined;
  app.get("/livekit-api/calls", { onRequest: requireAccess(access) }, async (request) => {
    const { records, next } = await store.list(parseQuery(request.query));
    return { calls: records.map((record) => viewOf(record, whole)), ...(next && { next: textOf(next) }) };
  });
}

function parseQuery(query: unknown): CallQuery {
  const parsed = callsQuerySchema.safeParse(query);
  if (parsed.success) {
    const { state, limit, cursor: after } = parsed.data;
    return { states: state, limit, ...(after && { after }) };
  }
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
  throw new RequestError(
    "QUERY_INVALID",
    `The query is refused: ${problems}`,
    "See /openapi.json for what it may hold.",
  );
}

function textOf({ startedAt, callId }: CallPosition): string {
  return Buffer.from(`${startedAt}.${callId}`).toString("base64url");
}
