import { z } from "zod";
import { AnswerError, type Answered, looseJson, send, shortReason } from "../../contract/outgoing/index.ts";
import { answerError, answerOf } from "../answers.ts";
import { CliError } from "../errors.ts";
import { isTooDeep, readInputFile } from "../input-file.ts";
import { requirePrivate } from "../livekit/connection.ts";

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
  cure: z.string().optional(),
  timeline: z.array(z.object({ event: z.string(), at: z.number() })),
});
export type CallView = z.output<typeof callSchema>;

/**
 * `GET /livekit-api/calls/:id`, once.
 * @param token CALLS_TOKEN; undefined: asks without
 * @throws CliError API_UNREACHABLE, ANSWER_INVALID, API_REFUSED
 */
export async function readCall(middlewareUrl: string, callId: string, token: string | undefined): Promise<CallView> {
  const asked = callSchema.refine(({ id }) => id === callId, { error: "is another call", path: ["id"] });
  return askMiddleware(middlewareUrl, `/livekit-api/calls/${callId}`, token, asked, `the call ${callId}`);
}

/**
 * One GET, with the token where there is one.
 * @param expected in words, for errors
 * @throws CliError API_UNREACHABLE, ANSWER_INVALID, API_REFUSED
 */
export async function askMiddleware<T>(
  middlewareUrl: string,
  path: string,
  token: string | undefined,
  schema: z.ZodType<T>,
  expected: string,
): Promise<T> {
  const url = new URL(path, middlewareUrl);
  if (token !== undefined) requirePrivate("the middleware's address", url.origin);
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await send(url, { method: "GET", headers, deadlineMs: LIMIT_MS }).catch((error: unknown) => {
    throw error instanceof AnswerError ? answerError(error, CHECK) : unreachable(url);
  });
  if (answer.ok) return answerOf(answer, schema, expected, CHECK);
  const hint =
    answer.status === 401 || answer.status === 403
      ? "Set CALLS_TOKEN to the stack's token."
      : "Ended calls are known for a day.";
  throw new CliError("API_REFUSED", `the middleware answered ${answer.status} ${textOf(answer)}`.trim(), hint);
}

const CHECK = "Check --middleware, or MIDDLEWARE_URL.";

function unreachable({ origin }: URL): CliError {
  return new CliError("API_UNREACHABLE", `no middleware answers at ${origin}`, CHECK);
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
    .flatMap((file) => readInputFile(file).toString().split("\n"))
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
    const text = line.slice(line.indexOf("{"));
    return isTooDeep(text) ? {} : (JSON.parse(text) as Record<string, unknown>);
  } catch {
    return {};
  }
}

/** `{"error": {"code", "message"}}` */
function textOf({ text }: Answered): string {
  const answer = z.object({ error: z.object({ code: z.string(), message: z.string() }) }).safeParse(looseJson(text));
  return answer.success ? shortReason(`${answer.data.error.code}: ${answer.data.error.message}`) : "";
}
