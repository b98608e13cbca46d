import { AnswerError, type Asked } from "./answer-error.ts";

const MIB = 1_048_576;
/** A list of 10 000 rows has about 10 MB; nothing we ask for has more. Counted after decompression. */
export const LONGEST_ANSWER = 16 * MIB;
/** Of an answer with an error only the reason is read. */
const LONGEST_ERROR = 65_536;
const LONGEST_REASON = 300;

export interface Outgoing {
  method: "GET" | "POST" | "PUT" | "DELETE";
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** For the whole exchange, up to the last byte of the answer. */
  deadlineMs: number;
  longestBytes?: number;
  /** Default `error`: a redirect would take the key elsewhere. */
  redirect?: "error" | "follow";
  /** `status`: what follows the headers is not read, however long it is. Default `whole`. */
  answer?: "whole" | "status";
}

/** An answer, whole: its body has ended, and is not longer than was allowed. Or without one, where only the status was asked for. */
export interface Answered extends Asked {
  status: number;
  ok: boolean;
  headers: Headers;
  text: string;
}

/**
 * Every request that leaves this product goes through here (test/contract/outgoing/one-way-out.test.ts).
 * @throws AnswerError for an answer that is too long; what `fetch` throws when there is none in time.
 */
export async function send(url: URL, outgoing: Outgoing): Promise<Answered> {
  const { method, headers = {}, body, deadlineMs, longestBytes = LONGEST_ANSWER, redirect = "error" } = outgoing;
  const response = await fetch(url, {
    method,
    headers,
    redirect,
    signal: AbortSignal.timeout(deadlineMs),
    ...(body !== undefined && { body }),
  });
  const asked: Asked = { method, host: url.host, path: url.pathname };
  const { status, ok } = response;
  if (outgoing.answer === "status") {
    await response.body?.cancel();
    return { ...asked, status, ok, headers: response.headers, text: "" };
  }
  const { text, isCut } = await readUpTo(response, ok ? longestBytes : LONGEST_ERROR);
  if (ok && isCut) throw new AnswerError(asked, `at most ${longestBytes} bytes`, "a body that is longer");
  return { ...asked, status, ok, headers: response.headers, text };
}

/** What a text from outside says, on one line and not longer than a line. */
export function shortReason(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)}…` : line;
}

/** `fetch failed` alone says nothing: the reason is in its cause. */
export function reasonOf(error: unknown): string {
  const { cause } = (error ?? {}) as { cause?: unknown };
  const inner = (cause ?? error ?? "") as { code?: unknown; message?: unknown };
  return shortReason(String([inner.code, inner.message].find((text) => typeof text === "string") ?? inner));
}

/** Stops reading at the limit: what is longer is never held in memory. */
async function readUpTo(response: Response, longestBytes: number): Promise<{ text: string; isCut: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > longestBytes) return { text: decode(chunks), isCut: true }; // leaving the loop closes the connection
    chunks.push(chunk);
  }
  return { text: decode(chunks), isCut: false };
}

function decode(chunks: Uint8Array[]): string {
  return Buffer.concat(chunks).toString("utf8");
}
