import type { FastifyInstance, FastifyRequest } from "fastify";
import type { CallSettings } from "../flows/settings.ts";
import { apologise } from "../jambonz/fallback.ts";
import { hooksOf } from "../jambonz/hook-urls.ts";
import { newCallSchema, parsePayload } from "../jambonz/payloads.ts";
import { dialNumberAtLiveKit, type Verb } from "../jambonz/verbs.ts";

/** 2026-11-01, as RFC 9745 writes it: seconds since 1970 behind an `@`. */
const DEPRECATED_SINCE = "@1793491200";

/**
 * `POST /livekit-simple`: the way calls went before: the called number itself is dialled at the project's SIP host, and LiveKit's own
 * trunks and rules decide. No room ahead of the call, no watch, no fallback but the apology. Kept for the migration only.
 */
export function simpleRoute(app: FastifyInstance, settings: CallSettings): void {
  const onFailure = (request: FastifyRequest) => apologise(settings, { answered: false, hooks: hooksOf(request) });
  app.post("/livekit-simple", { config: { onFailure } }, async (request, reply) => {
    const payload = parsePayload(newCallSchema, request.body);
    reply.header("Deprecation", DEPRECATED_SINCE).header("Link", '</livekit-api>; rel="successor-version"');
    request.log.warn({ callSid: payload.call_sid }, "Deprecated: point the Jambonz application at /livekit-api");
    return answer(request, payload.to ?? "", settings);
  });
}

function answer(request: FastifyRequest, called: string, settings: CallSettings): Verb[] {
  const { livekitSipHost } = settings;
  const apology = apologise(settings, { answered: false, called, hooks: hooksOf(request) });
  const user = called.replaceAll(/[^A-Za-z0-9+*#-]/g, "");
  if (livekitSipHost !== undefined && user !== "") return [dialNumberAtLiveKit(user, livekitSipHost), ...apology];
  request.log.error("LIVEKIT_SIP_HOST is not set: nothing can be dialled");
  return apology;
}
