import type { FastifyInstance } from "fastify";
import type { CallService } from "../calls/call-service.ts";
import type { CallSettings } from "../flows/settings.ts";
import { hooksOf } from "../jambonz/hook-urls.ts";
import { parsePayload, spokenSchema } from "../jambonz/payloads.ts";
import { withCredentials } from "../jambonz/verbs.ts";
import { PHRASES } from "../speech/sentences.ts";

/**
 * `POST /livekit-api/spoken?of=announcement|apology`: a file was played, or could not be fetched; then answered with what else can be said.
 * No verbs = the next one follows, as after a file that was played.
 */
export function spokenRoute(app: FastifyInstance, calls: CallService, settings: CallSettings): void {
  app.post<{ Querystring: { of?: string } }>(
    "/livekit-api/spoken",
    { config: { onFailure: () => [] } },
    async (request) => {
      const { call_sid, status, call_status } = parsePayload(spokenSchema, request.body);
      const phrase = PHRASES.find((known) => known === request.query.of);
      if (status !== "fail" || phrase === undefined) return [];
      request.log.error({ event: "speech.not-fetched", callSid: call_sid, phrase }, "Jambonz could not fetch a file");
      const verbs = await calls.notSpoken(call_sid, phrase, call_status === "in-progress", hooksOf(request));
      return withCredentials(verbs, settings.livekitSip);
    },
  );
}
