import type { CallView } from "../calls/call-view.ts";

export const CSV_TYPE = "text/csv; charset=utf-8; header=present";

/** Every column, in its order: later versions add columns at the end. */
const COLUMNS: Readonly<Record<string, (call: CallView) => string | undefined>> = {
  id: (call) => call.id,
  state: (call) => call.state,
  flow: (call) => call.flow,
  caller: (call) => call.caller,
  called: (call) => call.called,
  carrier: (call) => call.carrier,
  startedAt: (call) => timeOf(call.startedAt),
  endedAt: (call) => (call.endedAt === undefined ? undefined : timeOf(call.endedAt)),
  durationSeconds: (call) => secondsOf(call),
  outcome: (call) => call.outcome,
  reason: (call) => call.reason,
  agent: (call) => call.agent.name,
  room: (call) => call.ids.room,
  livekitCallId: (call) => call.ids.livekitCallId,
  callSid: (call) => call.ids.callSid,
  legSid: (call) => call.ids.legSid,
  sipCallId: (call) => call.ids.sipCallId,
  jambonzTraceId: (call) => call.ids.jambonzTraceId,
  cure: (call) => call.cure,
};
export const CSV_COLUMNS: readonly string[] = Object.keys(COLUMNS);

/** What a spreadsheet takes for a formula, also after blanks and in full width (owasp.org, "CSV Injection"). */
const FORMULA = /^\s*[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/;

/** RFC 4180: a header, then a row per call. A cell that a spreadsheet would compute, such as `+4930123456`, begins with an apostrophe. */
export function csvOf(calls: readonly CallView[]): string {
  const columns = Object.values(COLUMNS);
  const rows = calls.map((call) => columns.map((column) => column(call) ?? ""));
  return [CSV_COLUMNS, ...rows].map((row) => `${row.map(cellOf).join(",")}\r\n`).join("");
}

function cellOf(text: string): string {
  const plain = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function secondsOf({ startedAt, endedAt }: CallView): string | undefined {
  return endedAt === undefined ? undefined : ((endedAt - startedAt) / 1_000).toFixed(3);
}
