import type { FastifyInstance, FastifyRequest } from "fastify";
import type { CallService } from "../calls/call-service.ts";
import { apologise, type FallbackSettings } from "../jambonz/fallback.ts";
import { hooksOf } from "../jambonz/hook-urls.ts";
import { dialDoneSchema, parsePayload } from "../jambonz/payloads.ts";
import { hangUp } from "../jambonz/verbs.ts";

/**
 * `POST /livekit-api/dial-done`: the dial to LiveKit has ended; answered with the fallback unless there was a conversation.
 * `POST /livekit-api/fallback-done`: the fallback's dial has ended; answered with an apology unless somebody was there.
 */
export function dialDoneRoutes(app: FastifyInstance, calls: CallService, settings: FallbackSettings): void {
  /** Without a record nobody knows whether the agent was lost: a dial that was answered has come to its end. */
  const onFailure = ({ body }: FastifyRequest) => {
    const answered = parsePayload(dialDoneSchema, body).dial_call_status === "completed";
    return answered ? hangUp() : apologise(settings.fallbackText);
  };
  app.post("/livekit-api/dial-done", { config: { onFailure } }, async (request) => {
    const payload = parsePayload(dialDoneSchema, request.body);
    const result = { dialStatus: payload.dial_call_status ?? "failed", callerStatus: payload.call_status ?? "unknown" };
    return calls.dialDone(payload.call_sid, result, hooksOf(request));
  });
  app.post("/livekit-api/fallback-done", { config: { onFailure } }, async (request) =>
    calls.fallbackDone(parsePayload(dialDoneSchema, request.body).dial_call_status ?? "failed"),
  );
}
