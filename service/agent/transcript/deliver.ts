import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf, SIGNATURE_HEADER, send, signatureOf } from "@trunkline/contract/outgoing";
import type { Logger } from "@trunkline/shared";
import type { TranscriptSettings } from "./settings.ts";
import type { Transcript } from "./transcript.ts";

const DEADLINE_MS = 5_000;
const PAUSES_MS = [1_000, 5_000, 20_000];
const LONGEST_ANSWER = 65_536;

/** Those that are under way. */
const pending = new Set<Promise<void>>();

/** Sends a transcript, also after its call; what is not taken within some 45 s is lost, and the log says so, without a word of it. */
export function deliver(transcript: Transcript, settings: TranscriptSettings, log: Logger): void {
  const sending = attempts(transcript, settings).then(
    () => log.info({ event: "transcript.delivered", lines: transcript.lines.length }, "The transcript was delivered"),
    (error: unknown) =>
      log.error({ event: "transcript.lost", reason: reasonOf(error) }, "The transcript was not accepted, and is lost"),
  );
  pending.add(sending);
  void sending.finally(() => pending.delete(sending));
}

/** Resolves when no transcript is under way. */
export async function delivered(): Promise<void> {
  while (pending.size > 0) await Promise.all(pending);
}

async function attempts(transcript: Transcript, { url, secret }: TranscriptSettings): Promise<void> {
  const body = JSON.stringify(transcript);
  const key = `${transcript.callId} ${transcript.startedAt}`; // a call that another host has taken over has two
  for (const pauseMs of PAUSES_MS) {
    try {
      return await attempt(url, body, key, secret);
    } catch {
      await sleep(pauseMs);
    }
  }
  return attempt(url, body, key, secret);
}

async function attempt(url: string, body: string, key: string, secret: string): Promise<void> {
  const headers = {
    "content-type": "application/json",
    // The same for each attempt.
    "idempotency-key": key,
    [SIGNATURE_HEADER]: signatureOf(body, secret),
  };
  const limits = { deadlineMs: DEADLINE_MS, longestBytes: LONGEST_ANSWER };
  const { ok, status } = await send(new URL(url), { method: "POST", headers, body, ...limits });
  if (!ok) throw new Error(`it was answered with ${status}`);
}
