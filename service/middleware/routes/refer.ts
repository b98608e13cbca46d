import { refusalOf, toE164, userPart } from "@trunkline/contract";
import { maskNumber } from "@trunkline/shared";
import type { FastifyInstance } from "fastify";
import type { CallService } from "../calls/call-service.ts";
import { RequestError } from "../errors.ts";
import type { CallSettings } from "../flows/settings.ts";
import { hooksOf } from "../jambonz/hook-urls.ts";
import { parsePayload, referSchema } from "../jambonz/payloads.ts";
import { hangUp } from "../jambonz/verbs.ts";

type Targets = Pick<CallSettings, "allowedTargets" | "country">;

/**
 * `POST /livekit-api/refer`: the agent transfers its caller (LiveKit's TransferSIPParticipant). dial: answered with dialling a declared
 * number, which replaces the caller's verbs. callback: with hanging up the agent's leg, whose verbs these are; the caller then leaves the
 * queue and is dialled on there. Anything else is refused with 403, and the conversation goes on.
 */
export function referRoute(app: FastifyInstance, calls: CallService, { allowedTargets, country }: Targets): void {
  app.post("/livekit-api/refer", { config: { onFailure: hangUp } }, async (request) => {
    const payload = parsePayload(referSchema, request.body);
    const target = userPart(payload.refer_details?.refer_to_user ?? "");
    const why = refusalOf(target, allowedTargets, country);
    if (why !== undefined) {
      request.log.warn({ target: maskNumber(target), why }, "Transfer refused");
      throw refused(why);
    }
    request.log.info({ target: maskNumber(target) }, "Transferring the caller");
    return calls.transfer(payload.call_sid, toE164(target, country) ?? target, hooksOf(request));
  });
}

function refused(why: string): RequestError {
  return new RequestError(
    "TARGET_REFUSED",
    `The transfer's target is not dialled: ${why}.`,
    "Declare it in ALLOWED_TARGETS; premium, satellite and emergency numbers are never dialled.",
  );
}
