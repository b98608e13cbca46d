import type { FastifyInstance, FastifyRequest } from "fastify";
import type { CallService } from "../calls/call-service.ts";
import type { Drain } from "../calls/drain.ts";
import { movesBefore } from "../jambonz/hook-urls.ts";
import { parsePayload, waitSchema } from "../jambonz/payloads.ts";
import { holdMusic, leaveQueue, type Verb } from "../jambonz/verbs.ts";
import { answerToWait } from "../jambonz/wait-answers.ts";

/** While the store is away nobody can tell how a call stands: longer than any agent may take is too long. */
const PATIENCE_SECONDS = 25;

/** `POST /livekit-api/wait`: a caller in the queue; answered with hold music, or with `leave` when there is nothing to wait for. */
export function waitRoute(app: FastifyInstance, calls: CallService, drain: Drain): void {
  const answer = ({ body }: FastifyRequest, verbs: Verb[]) =>
    answerToWait(parsePayload(waitSchema, body).call_sid, verbs, drain);
  const onFailure = (request: FastifyRequest) => answer(request, musicForAWhile(request));
  app.post("/livekit-api/wait", { config: { onFailure } }, async (request) =>
    answer(request, await calls.waiting(parsePayload(waitSchema, request.body).call_sid, movesBefore(request))),
  );
}

function musicForAWhile({ body }: FastifyRequest): Verb[] {
  const { queue_time: seconds } = parsePayload(waitSchema, body);
  return (seconds ?? 0) < PATIENCE_SECONDS ? holdMusic() : leaveQueue();
}
