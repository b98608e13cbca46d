import type { FastifyInstance, FastifyRequest } from "fastify";
import type { CallService } from "../calls/call-service.ts";
import type { CallSettings } from "../flows/settings.ts";
import { fallbackVerbs } from "../jambonz/fallback.ts";
import { hooksOf, RESCUE_PATH } from "../jambonz/hook-urls.ts";
import { parsePayload, statusSchema } from "../jambonz/payloads.ts";
import { withCredentials } from "../jambonz/verbs.ts";

/**
 * `POST /livekit-api/rescue`: asked because of live call control, about a caller whose agent is out of reach. Never answered with nothing:
 * jambonz would hang up (jambonz-live, section 10).
 */
export function rescueRoute(app: FastifyInstance, calls: CallService, settings: CallSettings): void {
  const isAnswered = ({ body }: FastifyRequest) => parsePayload(statusSchema, body).call_status === "in-progress";
  const onFailure = (request: FastifyRequest) =>
    fallbackVerbs(settings, { answered: isAnswered(request), hooks: hooksOf(request), mayDial: true });
  app.post(RESCUE_PATH, { config: { onFailure } }, async (request) => {
    const { call_sid: callSid } = parsePayload(statusSchema, request.body);
    return withCredentials(await calls.rescued(callSid, isAnswered(request), hooksOf(request)), settings.livekitSip);
  });
}
