import { CallerError } from "./caller-error.ts";
import { type AudioOffer, offerLines } from "./sdp.ts";

export interface ScenarioOptions {
  /** `host:port` that the call is sent to. */
  target: string;
  from: string;
  to: string;
  rtpPort: number;
  offer: AudioOffer;
  /** Without a final answer by then, the caller sends CANCEL. */
  ringMs: number;
  /** Without a BYE of the callee by then, the caller sends one. */
  holdMs: number;
  headers?: Record<string, string>;
  /** Answers one 401 or 407. */
  auth?: { username: string; password: string };
  /** Makes the branches and the From tag unique. */
  id: string;
}

/** Final answers SIPp must know beforehand (RFC 3261 section 21 and the IANA registry). */
const FAILURES = [
  300, 301, 302, 305, 380, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 412, 413, 414, 415, 416, 417, 420,
  421, 422, 423, 424, 425, 428, 429, 430, 433, 436, 437, 438, 439, 440, 469, 470, 480, 481, 482, 483, 484, 485, 486,
  487, 488, 489, 491, 493, 494, 500, 501, 502, 503, 504, 505, 513, 555, 580, 600, 603, 604, 606, 607, 608,
];
const PROVISIONALS = [100, 180, 181, 182, 183, 199];
/** How long the answers to BYE and CANCEL are waited for. */
const CLOSING_MS = 4_000;

/**
 * The XML of a SIPp scenario that places one call: INVITE (again with credentials if asked), every final answer, CANCEL
 * when nobody answers, BYE of either side. Labels: `failed`, `cancel`, `answered`, `hangup`, `bye`, `end`.
 */
export function callScenario(options: ScenarioOptions): string {
  const parts = [
    ...attempt(options, 1),
    ...(options.auth ? authenticated(options) : []),
    label("end"),
    '<pause milliseconds="1"/>',
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="call">\n${parts.join("\n")}\n</scenario>\n`;
}

/** The second attempt, where a challenge leads to: ACK of the challenge, then INVITE with the answer. */
function authenticated(options: ScenarioOptions): string[] {
  return [label("authenticate"), ack(options, 1, false), ...attempt(options, 2)];
}

function attempt(options: ScenarioOptions, number: 1 | 2): string[] {
  const to = (name: string) => `${name}${number}`;
  return [
    invite(options, number),
    ...answers(options, number),
    label(to("answered")),
    ack(options, number, true),
    recv({ request: "BYE", timeout: options.holdMs, ontimeout: to("hangup") }),
    ...answerBye(options),
    label(to("hangup")),
    ...hangup(options, number),
    label(to("failed")),
    ack(options, number, false),
    jump("end"),
    label(to("cancel")),
    ...cancel(options, number),
  ];
}

/** What may come after an INVITE. The last one is mandatory: SIPp goes on behind it. */
function answers(options: ScenarioOptions, number: 1 | 2): string[] {
  const txn = `invite${number}`;
  const limit = { timeout: options.ringMs, ontimeout: `cancel${number}` };
  const challenged = options.auth !== undefined && number === 1;
  return [
    ...PROVISIONALS.map((response) => recv({ response, response_txn: txn, optional: true, ...limit })),
    ...FAILURES.map((response) => {
      const challenge = challenged && (response === 401 || response === 407);
      const next = challenge ? { auth: true, next: "authenticate" } : { next: `failed${number}` };
      return recv({ response, response_txn: txn, optional: true, ...limit, ...next });
    }),
    recv({ response: 200, response_txn: txn, rrs: true, ...limit }),
  ];
}

function hangup(options: ScenarioOptions, number: 1 | 2): string[] {
  return [
    bye(options, number),
    recv({ request: "BYE", optional: true, next: `crossed${number}` }),
    recv({ response: 481, response_txn: `bye${number}`, optional: true, next: "end" }),
    recv({ response: 200, response_txn: `bye${number}`, timeout: CLOSING_MS, ontimeout: "end" }),
    jump("end"),
    label(`crossed${number}`),
    ...answerBye(options),
  ];
}

/** CANCEL, whose final answer may still be a 200: then that call is ended. */
function cancel(options: ScenarioOptions, number: 1 | 2): string[] {
  const txn = `invite${number}`;
  const others = FAILURES.filter((status) => status !== 487);
  return [
    send(`start_txn="cancel${number}" retrans="500"`, cancelRequest(options, number)),
    recv({ response: 200, response_txn: `cancel${number}`, optional: true }),
    recv({ response: 481, response_txn: `cancel${number}`, optional: true }),
    recv({ response: 200, response_txn: txn, optional: true, rrs: true, next: `late${number}` }),
    ...others.map((response) => recv({ response, response_txn: txn, optional: true, next: `failed${number}` })),
    recv({ response: 487, response_txn: txn, timeout: CLOSING_MS, ontimeout: "end" }),
    jump(`failed${number}`),
    label(`late${number}`),
    ack(options, number, true),
    jump(`hangup${number}`),
  ];
}

function invite(options: ScenarioOptions, number: 1 | 2): string {
  const auth = number === 2 && options.auth;
  const lines = [
    `INVITE sip:${options.to}@${options.target} SIP/2.0`,
    via(options, `invite${number}`),
    ...parties(options, `<sip:${options.to}@${options.target}>`),
    `CSeq: ${number} INVITE`,
    `Contact: <sip:${options.from}@[local_ip]:[local_port];transport=[transport]>`,
    "Max-Forwards: 70",
    "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO",
    ...Object.entries(options.headers ?? {}).map(([name, value]) => `${name}: ${literal(value)}`),
    ...(auth ? [`[authentication username=${auth.username} password=${auth.password}]`] : []),
    "Content-Type: application/sdp",
    "Content-Length: [len]",
    "",
    ...offerLines(options.rtpPort, options.offer),
  ];
  return send(`start_txn="invite${number}" retrans="500"`, lines);
}

function ack(options: ScenarioOptions, number: 1 | 2, answered: boolean): string {
  const lines = [
    answered ? "ACK [next_url] SIP/2.0" : `ACK sip:${options.to}@${options.target} SIP/2.0`,
    via(options, answered ? `ack${number}` : `invite${number}`),
    ...(answered ? ["[routes]"] : []),
    ...parties(options, "[last_To:]"),
    `CSeq: ${number} ACK`,
    "Max-Forwards: 70",
    "Content-Length: 0",
  ];
  return send(`ack_txn="invite${number}"`, lines);
}

function bye(options: ScenarioOptions, number: 1 | 2): string {
  return send(`start_txn="bye${number}" retrans="500"`, [
    "BYE [next_url] SIP/2.0",
    via(options, `bye${number}`),
    "[routes]",
    ...parties(options, "[last_To:]"),
    `CSeq: ${number + 1} BYE`,
    "Max-Forwards: 70",
    "Content-Length: 0",
  ]);
}

function cancelRequest(options: ScenarioOptions, number: 1 | 2): string[] {
  return [
    `CANCEL sip:${options.to}@${options.target} SIP/2.0`,
    via(options, `invite${number}`),
    ...parties(options, `<sip:${options.to}@${options.target}>`),
    `CSeq: ${number} CANCEL`,
    "Max-Forwards: 70",
    "Content-Length: 0",
  ];
}

function answerBye(options: ScenarioOptions): string[] {
  const lines = [
    "SIP/2.0 200 OK",
    "[last_Via:]",
    "[last_From:]",
    "[last_To:]",
    "[last_Call-ID:]",
    "[last_CSeq:]",
    `Contact: <sip:${options.from}@[local_ip]:[local_port];transport=[transport]>`,
    "Content-Length: 0",
  ];
  return [send("", lines), jump("end")];
}

function via(options: ScenarioOptions, name: string): string {
  return `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK-${options.id}-${name};rport`;
}

function parties(options: ScenarioOptions, to: string): string[] {
  const toLine = to.startsWith("[") ? to : `To: ${to}`;
  const from = `From: <sip:${options.from}@[local_ip]:[local_port]>;tag=${options.id}`;
  return [from, toLine, "Call-ID: [call_id]"];
}

function send(attributes: string, lines: string[]): string {
  return `<send ${attributes}><![CDATA[\n${lines.join("\n")}\n\n]]></send>`;
}

function recv(attributes: Record<string, string | number | boolean>): string {
  const text = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
  return `<recv ${text.join(" ")}/>`;
}

function label(id: string): string {
  return `<label id="${id}"/>`;
}

function jump(id: string): string {
  return `<nop next="${id}"/>`;
}

/** SIPp reads `[…]` as a keyword and the scenario is XML: such values cannot be sent as they are. */
function literal(value: string): string {
  if (!/[[\]\r\n]/.test(value)) return value;
  throw new CallerError(
    "UNSENDABLE_HEADER",
    `header value ${JSON.stringify(value)} cannot be written into a SIPp scenario`,
    "Leave out square brackets and line breaks.",
  );
}
