import type { FastifyInstance, FastifyRequest } from "fastify";
import type { CallService, DialResult } from "../calls/call-service.ts";
import { type ApologySettings, apologise } from "../jambonz/fallback.ts";
import { hooksOf, movesBefore } from "../jambonz/hook-urls.ts";
import { dialDoneSchema, parsePayload } from "../jambonz/payloads.ts";
import { hangUp, type SipRoute, withCredentials } from "../jambonz/verbs.ts";

export interface DialDoneSettings extends ApologySettings {
  /** A second try may dial LiveKit again. */
  readonly livekitSip: SipRoute | undefined;
}

/**
 * `POST /livekit-api/dial-done`: the dial to LiveKit has ended; answered with the fallback unless there was a conversation.
 * `POST /livekit-api/fallback-done`: the fallback's dial has ended; answered with an apology unless somebody was there.
 */
export function dialDoneRoutes(app: FastifyInstance, calls: CallService, settings: DialDoneSettings): void {
  /** Without a record nobody knows whether the agent was lost: a dial that was answered has come to its end. */
  const onFailure = (request: FastifyRequest) => {
    const { dial_call_status, call_status } = parsePayload(dialDoneSchema, request.body);
    if (dial_call_status === "completed") return hangUp();
    return apologise(settings, { answered: call_status === "in-progress", hooks: hooksOf(request) });
  };
  app.post("/livekit-api/dial-done", { config: { onFailure } }, async (request) => {
    const { callSid, result } = resultIn(request);
    return withCredentials(await calls.dialDone(callSid, result, hooksOf(request)), settings.livekitSip);
  });
  app.post("/livekit-api/fallback-done", { config: { onFailure } }, async (request) => {
    const { callSid, result } = resultIn(request);
    return calls.fallbackDone(callSid, result, hooksOf(request));
  });
}

function resultIn(request: FastifyRequest): { callSid: string; result: DialResult } {
  const {
    call_sid: callSid,
    dial_call_status,
    call_status,
    dial_sip_status,
  } = parsePayload(dialDoneSchema, request.body);
  const dialStatus = dial_call_status ?? "failed";
  return {
    callSid,
    result: {
      dialStatus,
      callerStatus: call_status ?? "unknown",
      sipStatus: dial_sip_status ?? undefined,
      moves: movesBefore(request),
    },
  };
}
