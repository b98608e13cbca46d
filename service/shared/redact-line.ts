import { escapeInJson } from "@trunkline/contract";
import { maskNumbers } from "./redact.ts";

/**
 * A line of a log, which is one JSON object, with at most the last three digits of any phone number in it. Times, measures and the ids by which a
 * call is found in other logs stay; what a terminal would obey is escaped.
 */
export function redactLine(line: string): string {
  const masked = line.replaceAll(TEXT, (found, field: string, key: string | undefined, text: string) => {
    if (isId(key, text) || !SUSPECT.test(text)) return found;
    return field + JSON.stringify(maskNumbers(JSON.parse(`"${text}"`) as string));
  });
  return escapeInJson(masked);
}

/** A string, with the name of the field where it is a field's. */
const TEXT = /((?:"(\w+)": ?)?)"((?:[^"\\]|\\.)*)"/g;
/** Cheaper than the whole search, which most texts need not have: five digits within reach of each other, or digits of another kind. */
const SUSPECT = /\d(?:\D{0,20}\d){4}|%[3c-f]|[^\x20-\x7e]/i;

/** Ids that others have made of digits and letters. One that begins like a number is masked all the same. */
const ID_FIELDS: ReadonlySet<string> = new Set(
  (
    "id callId callSid call_sid legSid sipCallId sip_call_id callID callIDFull room roomSid participantId dispatchId jobId trunkId " +
    "traceId trace_id span_id build"
  ).split(" "),
);

function isId(key: string | undefined, text: string): boolean {
  return key !== undefined && ID_FIELDS.has(key) && !/^(?:sips?:|tel:|sip_)?(?:\+|%2b|00)\d/i.test(text);
}
