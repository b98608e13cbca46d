import { userPart } from "@trunkline/contract";
import { callIdOfRoom, isCallId } from "@trunkline/shared";
import { z } from "zod";
import { RequestError } from "../errors.ts";

const MAX_TEXT = 256;
/** LiveKit refuses a call with a longer one (livekit protocol livekit/sip_validation.go; bytes). */
const MAX_HEADER_BYTES = 1_024;

const sid = z.string().min(1).max(MAX_TEXT);
/** Longer is no number, no name and no status. What is stored, logged and sent on comes from these fields. */
const text = z.string().max(MAX_TEXT, `is over ${MAX_TEXT} characters`).nullish();
const anyText = z.string().nullish();
const sip = z.looseObject({ uri: anyText, headers: z.record(z.string(), z.unknown()).nullish() });

/** The first webhook of a call. Unknown fields are allowed everywhere: jambonz adds some with every version. */
export const newCallSchema = z.looseObject({
  call_sid: sid,
  from: anyText, // cut: a caller is not refused for the name that a carrier shows
  to: text,
  originating_sip_trunk_name: text,
  sip: sip.nullish(),
});
export type NewCallPayload = z.infer<typeof newCallSchema>;

/** A queue asks for hold music; jambonz sends little more than the ids. */
export const waitSchema = z.looseObject({ call_sid: sid, queue_time: z.number().nullish().catch(null) });

/** A dial has ended: how, and the state of the caller's own leg. */
export const dialDoneSchema = z.looseObject({
  call_sid: sid,
  dial_call_status: text,
  call_status: text,
  dial_sip_status: z.number().nullish(),
});

/** A `play` has ended; `status` only of one that failed. */
export const spokenSchema = z.looseObject({ call_sid: sid, status: text, call_status: text });

/** Somebody wants a leg to be transferred; the target as jambonz found it in Refer-To. */
export const referSchema = z.looseObject({
  call_sid: sid,
  refer_details: z.looseObject({ refer_to_user: text }).nullish(),
});

/** A caller has left the queue. */
export const queueLeftSchema = z.looseObject({ call_sid: sid, queue_result: text });

/** The status of a leg; `call_status` is one of trying, ringing, early-media, in-progress, completed, failed, busy, no-answer. */
export const statusSchema = z.looseObject({
  call_sid: sid,
  /** Of a leg that was dialled: the leg it was dialled for. */
  parent_call_sid: text,
  call_status: z.string().min(1).max(MAX_TEXT),
  sip_status: z.number().nullish(),
});

/**
 * A body that was checked.
 * @throws RequestError PAYLOAD_INVALID naming the fields, not their values (they may hold phone numbers).
 */
export function parsePayload<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`).join("; ");
  throw new RequestError(
    "PAYLOAD_INVALID",
    `Not a webhook of jambonz: ${fields}`,
    "Point only jambonz's hooks at this address.",
  );
}

/** A SIP header by name, whatever its spelling: jambonz keeps the sender's for names it does not know. */
function headerOf(payload: NewCallPayload, name: string): string | undefined {
  return findHeader(payload, name)?.[1];
}

/** The wanted headers that the INVITE has, in the sender's spelling; the names of those that are too long for LiveKit apart: half a token is none. */
export function pickHeaders(
  payload: NewCallPayload,
  names: readonly string[],
): { headers: Record<string, string>; tooLong: string[] } {
  const found = names.map((name) => findHeader(payload, name)).filter((header) => header !== undefined);
  const fits = ([, value]: [string, string]) => Buffer.byteLength(value) <= MAX_HEADER_BYTES;
  const tooLong = found.filter((header) => !fits(header)).map(([name]) => name);
  return { headers: Object.fromEntries(found.filter(fits)), tooLong };
}

/** How carriers say that the caller has no number, or shows none. */
const NO_NUMBER = /^$|anonymous|restricted|unavailable|^(unknown|private|withheld|blocked|null)$/i;

/** The caller's number as the carrier sent it, without scheme, host and parameters; or `anonymous`. */
export function callerOf(payload: NewCallPayload): string {
  const from = userPart(payload.from ?? "").slice(0, MAX_TEXT);
  return NO_NUMBER.test(from) ? "anonymous" : from;
}

/** The called number, without scheme, host and parameters (`;npdi`, `;ext=`). */
export function calledOf(payload: NewCallPayload): string {
  return userPart(payload.to ?? "");
}

/** The jambonz carrier a call came in on; devices have none. */
export function carrierOf(payload: NewCallPayload): string | undefined {
  return payload.originating_sip_trunk_name ?? headerOf(payload, "X-Originating-Carrier")?.slice(0, MAX_TEXT);
}

/**
 * The call id an agent leg was sent to: the called SIP user `call-<id>`, confirmed by X-Call-Id where it is there.
 * Undefined when there is none or the two disagree.
 */
export function calledCallId(payload: NewCallPayload): string | undefined {
  const user = (payload.to ?? "").replace(/^sips?:/i, "").split("@")[0] ?? "";
  const called = callIdOfRoom(user);
  const header = headerOf(payload, "X-Call-Id");
  const callId = called ?? header;
  if (callId === undefined || !isCallId(callId)) return undefined;
  return header === undefined || header === callId ? callId : undefined;
}

/** Name and value of a header, whatever its spelling. */
export function findHeader(payload: NewCallPayload, name: string): [string, string] | undefined {
  const wanted = name.toLowerCase();
  const found = Object.entries(payload.sip?.headers ?? {}).find(([key]) => key.toLowerCase() === wanted);
  return found !== undefined && typeof found[1] === "string" ? [found[0], found[1]] : undefined;
}
