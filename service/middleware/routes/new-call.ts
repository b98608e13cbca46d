import { TIMERS } from "@trunkline/shared";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { CallDetails, CallService } from "../calls/call-service.ts";
import type { Drain } from "../calls/drain.ts";
import type { Config } from "../config.ts";
import { flowFor } from "../flows/choose.ts";
import { fallbackVerbs } from "../jambonz/fallback.ts";
import { hasGivenUp } from "../jambonz/given-up.ts";
import { hooksOf } from "../jambonz/hook-urls.ts";
import { originOf } from "../jambonz/origin.ts";
import {
  calledOf,
  callerOf,
  carrierOf,
  type NewCallPayload,
  newCallSchema,
  parsePayload,
  pickHeaders,
} from "../jambonz/payloads.ts";
import { hangUp, withCredentials } from "../jambonz/verbs.ts";

type Settings = Pick<Config, "callFlow" | "carrierHeaders" | "calls">;

/** `POST /livekit-api`: a caller has dialled; answered with what the caller gets. */
export function newCallRoute(app: FastifyInstance, calls: CallService, drain: Drain, settings: Settings): void {
  const onFailure = (request: FastifyRequest) => {
    const payload = parsePayload(newCallSchema, request.body);
    const [carrier, called, hooks] = [carrierOf(payload), calledOf(payload), hooksOf(request)];
    return fallbackVerbs(settings.calls, { answered: false, carrier, called, hooks, mayDial: true });
  };
  app.post("/livekit-api", { config: { onFailure } }, async (request) => {
    const payload = parsePayload(newCallSchema, request.body);
    if (await hasGivenUp(request)) {
      request.log.warn(
        { event: "webhook.late", callSid: payload.call_sid },
        "Jambonz gave up on this webhook: no call",
      );
      return hangUp();
    }
    const { headers, tooLong } = pickHeaders(payload, settings.carrierHeaders);
    if (tooLong.length > 0)
      request.log.warn(
        { event: "header.left-out", callId: payload.call_sid, headers: tooLong },
        "Carrier headers are too long for LiveKit, left out",
      );
    const details = { ...detailsOf(payload, settings), headers };
    const verbs = await calls.open(payload.call_sid, details, hooksOf(request), originOf(payload));
    if (verbs.some(({ verb }) => verb === "enqueue"))
      drain.expect(payload.call_sid, firstWaitMs(settings, details.called));
    return withCredentials(verbs, settings.calls.livekitSip);
  });
}

/** Until when a caller's first wait hook has come. */
function firstWaitMs({ calls }: Settings, called: string): number {
  return calls.speech.spokenMs("announcement", called) + TIMERS.queueAssumedMs;
}

function detailsOf(payload: NewCallPayload, settings: Settings): Omit<CallDetails, "headers"> {
  const carrier = carrierOf(payload);
  const called = calledOf(payload);
  return {
    flow: flowFor(called, settings),
    caller: callerOf(payload),
    called,
    ...(carrier === undefined ? {} : { carrier }),
  };
}
