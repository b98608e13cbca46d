import type { FastifyInstance } from "fastify";
import { viewOf } from "../calls/call-view.ts";
import { RequestError } from "../errors.ts";
import { type AccessSettings, requireAccess } from "../security/access.ts";
import type { CallStore } from "../store/call-store.ts";

/** `GET /livekit-api/calls/:id`: one call, also for a day after its end. */
export function callRoute(app: FastifyInstance, store: CallStore, access: AccessSettings): void {
  const onRequest = requireAccess(access);
  app.get<{ Params: { id: string } }>("/livekit-api/calls/:id", { onRequest }, async (request) => {
    const record = await store.get(request.params.id);
    if (record !== undefined) return viewOf(record, access.callsToken !== undefined);
    throw new RequestError(
      "CALL_UNKNOWN",
      "There is no call with this id.",
      "List calls with GET /livekit-api/calls?state=all; ended ones are forgotten after a day.",
    );
  });
}
