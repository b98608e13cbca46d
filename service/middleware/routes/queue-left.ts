import type { FastifyInstance, FastifyRequest } from "fastify";
import type { CallService } from "../calls/call-service.ts";
import type { Drain } from "../calls/drain.ts";
import { type FallbackSettings, fallbackVerbs } from "../jambonz/fallback.ts";
import { hooksOf, movesBefore } from "../jambonz/hook-urls.ts";
import { parsePayload, queueLeftSchema } from "../jambonz/payloads.ts";

/** `POST /livekit-api/queue-left`: a caller has left the queue; answered with the fallback unless the call is over. */
export function queueLeftRoute(
  app: FastifyInstance,
  calls: CallService,
  drain: Drain,
  settings: FallbackSettings,
): void {
  const onFailure = (request: FastifyRequest) =>
    fallbackVerbs(settings, { answered: true, hooks: hooksOf(request), mayDial: true });
  app.post("/livekit-api/queue-left", { config: { onFailure } }, async (request) => {
    const payload = parsePayload(queueLeftSchema, request.body);
    drain.release(payload.call_sid);
    const result = payload.queue_result ?? "unknown";
    return calls.queueLeft(payload.call_sid, result, movesBefore(request), hooksOf(request));
  });
}
