import { PassThrough } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { clockMs } from "@trunkline/shared";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { CallFeed } from "../calls/call-feed.ts";
import { viewOf } from "../calls/call-view.ts";
import { RequestError, reasonOf } from "../errors.ts";
import { type AccessSettings, requireAccess } from "../security/access.ts";

/** Below the idle limit of any router in front (Heroku: 55 s). */
const BEAT_MS = 15_000;
const RECONNECT_MS = 2_000;
const STORE_RETRY_MS = 1_000;
const MOST_STREAMS = 200;
/** A reader that is this far behind is sent away; it comes back and resumes where it was. */
const MOST_UNREAD_BYTES = 4 * 1_024 * 1_024;

/**
 * `GET /livekit-api/calls/events`: server-sent events. First `snapshot` (active calls and the last ended ones), then `calls` (what
 * has changed), both `{"calls":[…]}` with the revision as id; `beat` (`{"now"}`) every 15 s; `trouble` while the store is away.
 * With `Last-Event-ID` (or `?after=`) only what was missed.
 */
export function callsEventsRoute(app: FastifyInstance, feed: CallFeed, access: AccessSettings): void {
  let open = 0;
  app.addHook("preClose", async () => feed.close());
  app.get("/livekit-api/calls/events", { onRequest: requireAccess(access) }, async (request, reply) => {
    if (open >= MOST_STREAMS)
      throw new RequestError("STREAMS_EXHAUSTED", `${open} streams are open already.`, "Close some live pages.");
    open++;
    const stream = new PassThrough();
    stream.once("close", () => open--);
    void follow(stream, feed, positionOf(request), access.callsToken !== undefined);
    // A connection that outlived its stream would keep the service from stopping.
    reply.header("connection", "close").header("x-accel-buffering", "no");
    return reply.type("text/event-stream").send(stream);
  });
}

function positionOf(request: FastifyRequest): number | undefined {
  const given = request.headers["last-event-id"] ?? (request.query as { after?: unknown }).after;
  const revision = Number(given || Number.NaN);
  return Number.isSafeInteger(revision) && revision >= 0 ? revision : undefined;
}

async function follow(stream: PassThrough, feed: CallFeed, start: number | undefined, whole: boolean): Promise<void> {
  const gone = new AbortController();
  stream.once("close", () => gone.abort());
  const beats = setInterval(() => stream.write(event("beat", { now: clockMs() })), BEAT_MS);
  const signal = AbortSignal.any([gone.signal, feed.closed]);
  stream.write(`retry: ${RECONNECT_MS}\n${event("beat", { now: clockMs() })}`);
  for (let position = start; !signal.aborted && stream.readableLength < MOST_UNREAD_BYTES; ) {
    const { wakes } = feed;
    position = await tell(stream, feed, position, whole);
    if (!signal.aborted) await feed.changed(wakes, signal);
  }
  clearInterval(beats);
  stream.end();
}

/** Writes what is new after a revision; returns the revision the reader has then. */
async function tell(stream: PassThrough, feed: CallFeed, position: number | undefined, whole: boolean) {
  try {
    const missed = position === undefined ? undefined : await feed.since(position);
    const { records, revision } = missed ?? (await feed.snapshot());
    const name = missed === undefined ? "snapshot" : "calls";
    const calls = records.map((record) => viewOf(record, whole));
    if (calls.length > 0 || name === "snapshot") stream.write(event(name, { calls, now: clockMs() }, revision));
    return revision;
  } catch (error) {
    stream.write(event("trouble", { message: "The call store does not answer.", reason: reasonOf(error) }));
    await pause(STORE_RETRY_MS);
    return tellAgain(feed, position);
  }
}

/** Nobody may tell of a change while the store is away: the next look comes without being asked for. */
function tellAgain(feed: CallFeed, position: number | undefined): number | undefined {
  feed.wake();
  return position;
}

function event(name: string, data: object, id?: number): string {
  return `event: ${name}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}
