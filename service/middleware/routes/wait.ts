import type { FastifyInstance, FastifyRequest } from "fastify";
import type { CallService } from "../calls/call-service.ts";
import { parsePayload, waitSchema } from "../jambonz/payloads.ts";
import { holdMusic, leaveQueue } from "../jambonz/verbs.ts";

/** While the store is away nobody can tell how a call stands: longer than any agent may take is too long. */
const PATIENCE_SECONDS = 25;

/** `POST /livekit-api/wait`: a caller in the queue; answered with hold music, or with `leave` when there is nothing to wait for. */
export function waitRoute(app: FastifyInstance, calls: CallService): void {
  app.post("/livekit-api/wait", { config: { onFailure: musicForAWhile } }, async (request) =>
    calls.waiting(parsePayload(waitSchema, request.body).call_sid),
  );
}

function musicForAWhile({ body }: FastifyRequest) {
  const { queue_time: seconds } = parsePayload(waitSchema, body);
  return (seconds ?? 0) < PATIENCE_SECONDS ? holdMusic() : leaveQueue();
}
