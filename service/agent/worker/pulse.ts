import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf, send } from "@trunkline/contract/outgoing";
import { type AgentPulse, type AgentWord, type Logger, TIMERS } from "@trunkline/shared";
import { AccessToken } from "livekit-server-sdk";
import type { AgentConfig } from "../config.ts";

/** Longer than this a middleware that is away would keep the next pulse from another instance. */
const REQUEST_MS = 1_500;
const TOKEN_SECONDS = 60;
/** What could not be told is told later, but not for ever. */
const MOST_NEWS = 1_000;

export interface PulseParts {
  /** `https://…`: the middleware; undefined = nobody is told. */
  readonly middlewareUrl: string | undefined;
  readonly livekit: AgentConfig["livekit"];
  readonly state: () => Pick<AgentPulse, "free" | "calls">;
  readonly log: Logger;
}

/**
 * Tells the middleware that this worker lives, which calls are with it, and what is new in them, so that nobody has to look into their
 * rooms. One request for all calls, signed as LiveKit signs its webhooks. The middleware works without it, slower.
 */
export class WorkerPulse {
  readonly #parts: PulseParts;
  readonly #worker = randomUUID();
  readonly #closing = new AbortController();
  #news: AgentWord[] = [];
  #wake = new AbortController();
  /** A caller hears nothing: told at once also to a middleware that has just not answered. */
  #hurry = new AbortController();
  #isHeard: boolean | undefined;

  constructor(parts: PulseParts) {
    this.#parts = parts;
  }

  /** Works until closed. */
  start(): void {
    if (this.#parts.middlewareUrl !== undefined) void this.#work(new URL("/livekit-agents", this.#parts.middlewareUrl));
  }

  close(): void {
    this.#closing.abort();
    this.#wake.abort();
    this.#hurry.abort();
  }

  /** Of the same call only the latest report counts. */
  tell(word: AgentWord): void {
    if (this.#parts.middlewareUrl === undefined) return;
    const isOld = (one: AgentWord) => word.what === "report" && one.what === "report" && one.callId === word.callId;
    this.#news = [...this.#news.filter((one) => !isOld(one)), word].slice(-MOST_NEWS);
    if (word.what !== "report") this.#wake.abort();
    else if (word.report.legLost) this.#hurry.abort();
  }

  async #work(url: URL): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#wake = new AbortController();
      this.#hurry = new AbortController();
      const news = this.#news;
      const isHeard = await this.#beat(url, news);
      if (isHeard) this.#news = this.#news.filter((word) => !news.includes(word));
      const { signal } = this.#hurry;
      const more = isHeard ? AbortSignal.any([signal, this.#wake.signal]) : signal;
      await sleep(TIMERS.workerPulseMs, undefined, { ref: false, signal: more }).catch(() => undefined);
    }
  }

  async #beat(url: URL, news: readonly AgentWord[]): Promise<boolean> {
    const body = JSON.stringify({ worker: this.#worker, ...this.#parts.state(), news });
    const reason = await this.#send(url, body).then(
      (status) => (status < 300 ? undefined : `answered ${status}`),
      reasonOf,
    );
    this.#note(reason);
    return reason === undefined;
  }

  async #send(url: URL, body: string): Promise<number> {
    const { apiKey, apiSecret } = this.#parts.livekit;
    const token = new AccessToken(apiKey, apiSecret, { ttl: TOKEN_SECONDS });
    token.sha256 = createHash("sha256").update(body).digest("base64");
    const headers = { "content-type": "application/json", authorization: await token.toJwt() };
    return (await send(url, { method: "POST", headers, body, deadlineMs: REQUEST_MS })).status;
  }

  /** One line for each change. */
  #note(reason: string | undefined): void {
    const isHeard = reason === undefined;
    if (isHeard === this.#isHeard) return;
    const { log } = this.#parts;
    if (!isHeard)
      log.warn({ event: "agent.unheard", reason }, "The middleware does not hear the agent: it looks for it instead");
    else if (this.#isHeard === false) log.info({ event: "agent.heard" }, "The middleware hears the agent again");
    this.#isHeard = isHeard;
  }
}
