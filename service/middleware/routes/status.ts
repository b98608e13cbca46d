import type { FastifyInstance } from "fastify";
import type { CallService } from "../calls/call-service.ts";
import { parsePayload, statusSchema } from "../jambonz/payloads.ts";

/** `POST /livekit-api/status`: a leg has changed its status. jambonz ignores the answer. */
export function statusRoute(app: FastifyInstance, calls: CallService): void {
  app.post("/livekit-api/status", { config: { onFailure: () => [] } }, async (request) => {
    const payload = parsePayload(statusSchema, request.body);
    const { call_sid: sid, parent_call_sid: parent, call_status: status, sip_status: sipStatus } = payload;
    await calls.legStatus({ sid, parentSid: parent ?? undefined, status, sipStatus: sipStatus ?? undefined });
    return {};
  });
}
