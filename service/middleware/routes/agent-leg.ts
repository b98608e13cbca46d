import type { FastifyInstance } from "fastify";
import type { CallService } from "../calls/call-service.ts";
import { hooksOf } from "../jambonz/hook-urls.ts";
import { calledCallId, carrierOf, newCallSchema, parsePayload } from "../jambonz/payloads.ts";
import { decline } from "../jambonz/verbs.ts";

/** The jambonz carrier of LiveKit's legs is named `LiveKit-<stack>`. */
const LIVEKIT_CARRIER = /^LiveKit-/;

/** `POST /livekit-api/agent-leg`: LiveKit has called `call-<id>` at jambonz; answered with joining or declining. Never dials. */
export function agentLegRoute(app: FastifyInstance, calls: CallService): void {
  app.post(
    "/livekit-api/agent-leg",
    { config: { onFailure: () => decline(486, "Temporary failure") } },
    async (request) => {
      const payload = parsePayload(newCallSchema, request.body);
      const callId = calledCallId(payload);
      const carrier = carrierOf(payload);
      const foreign = carrier !== undefined && !LIVEKIT_CARRIER.test(carrier);
      return callId === undefined || foreign
        ? decline(404, "Unknown call")
        : calls.agentLeg(callId, payload.call_sid, hooksOf(request));
    },
  );
}
