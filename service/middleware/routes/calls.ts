import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { PHASES, type Phase } from "../calls/call-state.ts";
import { callViewSchema, viewOf } from "../calls/call-view.ts";
import { RequestError } from "../errors.ts";
import { type AccessSettings, requireAccess } from "../security/access.ts";
import type { CallPosition, CallQuery, CallStore } from "../store/call-store.ts";
import { CSV_TYPE, csvOf } from "./calls-csv.ts";

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

const moment = z.iso
  .datetime({ offset: true, error: "is not a time as 2026-11-28T10:30:00Z or 2026-11-28T11:30:00%2B01:00" })
  .max(LONGEST_PARAMETER)
  .transform((text) => Date.parse(text));

export const callsQuerySchema = z.object({
  state: states.default(ACTIVE).describe("`active` (default), `all`, or states separated by commas"),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: cursor.optional().describe("`next` of the page before"),
  from: moment.optional().describe("only calls that began at this time or later: ISO 8601 with its offset from UTC"),
  to: moment.optional().describe("only calls that began before this time"),
  format: z
    .enum(["json", "csv"])
    .default("json")
    .describe("`csv`: one row per call; a `Link` header names the next page"),
});

type CallsQuery = z.output<typeof callsQuerySchema>;

export const callsAnswerSchema = z.object({
  calls: z.array(callViewSchema).describe("newest first"),
  next: z.string().optional().describe("the cursor of the next page; missing on the last one"),
});

/** `GET /livekit-api/calls?state&limit&cursor&from&to&format`: calls, newest first; ended ones for a day. */
export function callsRoute(app: FastifyInstance, store: CallStore, access: AccessSettings): void {
  const whole = access.callsToken !== undefined;
  app.get("/livekit-api/calls", { onRequest: requireAccess(access) }, async (request, reply) => {
    const query = parseQuery(request.query);
    const page = await store.list(storeQuery(query));
    const calls = page.records.map((record) => viewOf(record, whole));
    const next = page.next && textOf(page.next);
    if (query.format === "json") return { calls, ...(next && { next }) };
    if (next !== undefined) reply.header("link", `<${nextPage(request.url, next)}>; rel="next"`);
    return reply.type(CSV_TYPE).header("content-disposition", 'attachment; filename="calls.csv"').send(csvOf(calls));
  });
}

function parseQuery(query: unknown): CallsQuery {
  const parsed = callsQuerySchema.safeParse(query);
  if (!parsed.success) return refuse(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`));
  const { from, to } = parsed.data;
  if (from !== undefined && to !== undefined && from >= to) return refuse(["to: is not later than from"]);
  return parsed.data;
}

function storeQuery({ state, limit, cursor: after, from, to }: CallsQuery): CallQuery {
  const times = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  return { states: state, limit, ...(after && { after }), ...times };
}

function nextPage(url: string, next: string): string {
  const { pathname, searchParams } = new URL(url, "http://middleware");
  searchParams.set("cursor", next);
  return `${pathname}?${searchParams.toString()}`;
}

function refuse(problems: readonly string[]): never {
  throw new RequestError(
    "QUERY_INVALID",
    `The query is refused: ${problems.join("; ")}`,
    "See /openapi.json for what it may hold.",
  );
}

function textOf({ startedAt, callId }: CallPosition): string {
  return Buffer.from(`${startedAt}.${callId}`).toString("base64url");
}
