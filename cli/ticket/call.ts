import { readFileSync } from "node:fs";
import { z } from "zod";
import { CliError } from "../errors.ts";

const LIMIT_MS = 5_000;
const MOST_LINES = 20;

/** A call as the middleware tells it: service/middleware/calls/call-view.ts. */
export const callSchema = z.object({
  id: z.string(),
  state: z.string(),
  flow: z.string(),
  caller: z.string(),
  called: z.string(),
  carrier: z.string().optional(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  agent: z.object({ name: z.string(), ready: z.boolean() }),
  ids: z.record(z.string(), z.string()).optional(),
  offeredCodecs: z.array(z.string()).optional(),
  outcome: z.string().optional(),
  reason: z.string().optional(),
  timeline: z.array(z.object({ event: z.string(), at: z.number() })),
});
export type CallView = z.output<typeof callSchema>;

/**
 * `GET /livekit-api/calls/:id`, once.
 * @param token CALLS_TOKEN; undefined: asks without
 * @throws CliError API_UNREACHABLE, API_REFUSED
 */
export async function readCall(middlewareUrl: string, callId: string, token: string | undefined): Promise<CallView> {
  const body = await askMiddleware(middlewareUrl, `/livekit-api/calls/${callId}`, token);
  const call = callSchema.safeParse(body);
  if (call.success) return call.data;
  throw new CliError("API_REFUSED", `what answers at ${middlewareUrl} is no call`, "Check --middleware.");
}

/**
 * One GET, with the token where there is one; the answer's JSON.
 * @throws CliError API_UNREACHABLE, API_REFUSED
 */
export async function askMiddleware(middlewareUrl: string, path: string, token: string | undefined): Promise<unknown> {
  const url = new URL(path, middlewareUrl);
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(LIMIT_MS) }).catch(() => undefined);
  if (answer === undefined)
    throw new CliError(
      "API_UNREACHABLE",
      `no middleware answers at ${url.origin}`,
      "Check --middleware, or MIDDLEWARE_URL.",
    );
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return body;
  const hint =
    answer.status === 401 || answer.status === 403
      ? "Set CALLS_TOKEN to the stack's token."
      : "Ended calls are known for a day.";
  throw new CliError("API_REFUSED", `the middleware answered ${answer.status} ${textOf(body)}`.trim(), hint);
}

/** One line of a service's log. */
interface LogLine {
  /** ms since 1970; undefined where the line has none. */
  at: number | undefined;
  text: string;
}

export interface CallLog {
  lines: LogLine[];
  /** Ids and codecs that the lines name, by field: `callSid`, `sipCallId`. */
  ids: Record<string, string>;
}

const ID_FIELD =
  /^(callSid|call_sid|sipCallId|sip_call_id|legSid|roomSid|participantId|sip\.callID|dispatchId|jobId|codec)$/;

/** The last lines that name the call, of all files together. Lines may have a router's prefix (`2026-… app[web.1]: `). */
export function readLog(files: string[], callId: string): CallLog {
  const entries = files
    .flatMap((file) => readFileSync(file, "utf8").split("\n"))
    .filter((line) => line.includes(callId));
  const lines = entries.map(toLine).toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
  const ids = Object.fromEntries(
    entries.flatMap((line) => Object.entries(fieldsOf(line)).filter(([name]) => ID_FIELD.test(name))),
  );
  return {
    lines: lines.slice(-MOST_LINES),
    ids: Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, String(id)])),
  };
}

function toLine(line: string): LogLine {
  const { time, ...fields } = fieldsOf(line);
  if (Object.keys(fields).length === 0) return { at: undefined, text: line.trim() };
  return { at: typeof time === "number" ? time : undefined, text: JSON.stringify(fields) };
}

function fieldsOf(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line.slice(line.indexOf("{"))) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** `{"error": {"code", "message"}}` */
function textOf(body: unknown): string {
  const answer = z.object({ error: z.object({ code: z.string(), message: z.string() }) }).safeParse(body);
  return answer.success ? `${answer.data.error.code}: ${answer.data.error.message}` : "";
}
