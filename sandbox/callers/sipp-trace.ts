/** A message of SIPp's trace (`-trace_msg`), which SIPp writes while the call is going on. */
export interface TracedMessage {
  /** Epoch ms, with SIPp's fraction. */
  at: number;
  direction: "sent" | "received";
  /** Of a request. */
  method?: string;
  /** Of a response. */
  status?: number;
  reason?: string;
  /** Method of the CSeq header: which request a response answers. */
  cseqMethod: string;
  callId: string;
  body: string;
}

const HEADING = /-{10,} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d+)\r?\n\w+ message (sent|received) [([](\d+)[^\n]*\n\r?\n/;
/** A heading is shorter than this: what precedes it in the unread part is rubbish between two messages. */
const HEADING_SEARCH = 400;

/** Reads as many whole messages as there are from `offset` on; `next` is where to go on. */
export function readTrace(data: Buffer, offset: number): { messages: TracedMessage[]; next: number } {
  const messages: TracedMessage[] = [];
  let next = offset;
  for (;;) {
    const heading = HEADING.exec(data.toString("latin1", next, next + HEADING_SEARCH));
    if (!heading) return { messages, next };
    const start = next + heading.index + heading[0].length;
    const end = start + Number(heading[4]);
    if (end > data.length) return { messages, next };
    const at = localTime(heading[1] as string, heading[2] as string);
    messages.push(parse(data.toString("utf8", start, end), at, heading[3] as "sent" | "received"));
    next = end;
  }
}

function localTime(day: string, time: string): number {
  const [seconds = time, fraction = "0"] = time.split(".");
  return new Date(`${day}T${seconds}`).getTime() + Number(`0.${fraction}`) * 1_000;
}

function parse(text: string, at: number, direction: "sent" | "received"): TracedMessage {
  const [head = "", ...rest] = text.split(/\r?\n\r?\n/);
  const response = /^SIP\/2\.0 (\d{3}) ?([^\r\n]*)/.exec(head);
  const common = {
    at,
    direction,
    cseqMethod: /^CSeq:\s*\d+\s+(\w+)/im.exec(head)?.[1] ?? "",
    callId: /^(?:Call-ID|i):\s*(\S+)/im.exec(head)?.[1] ?? "",
    body: rest.join("\r\n\r\n"),
  };
  if (response) return { ...common, status: Number(response[1]), reason: response[2] ?? "" };
  return { ...common, method: /^\w+/.exec(head)?.[0] ?? "" };
}
