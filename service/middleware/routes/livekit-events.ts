import type { FastifyInstance } from "fastify";
import type { CallService } from "../calls/call-service.ts";
import { type SignedRouteSettings, signedRoute } from "../livekit/signed-route.ts";
import { wordOf } from "../livekit/webhook.ts";
import type { RequestLimits } from "../security/rate-limit.ts";

/** LiveKit gives up repeating an event long before that many others have come. */
const REMEMBERED = 10_000;

/**
 * `POST /livekit-events`: LiveKit's webhooks. Verified, taken once each, and only the fast path: LiveKit drops webhooks when its queue is
 * full, so nothing depends on them. An agent's track is taken at its word; somebody who has left is looked for.
 */
export function livekitEventsRoute(
  app: FastifyInstance,
  calls: CallService,
  limits: RequestLimits,
  settings: SignedRouteSettings,
): void {
  const seen = new Set<string>();
  signedRoute(app, limits, settings, {
    url: "/livekit-events",
    read: (_body, event) => event,
    handle: async (event) => {
      const word = wordOf(event);
      if (word !== undefined && isNew(event.id, seen)) await calls.agentTold(word);
    },
  });
}

/** Notes the event's id. A repetition that reaches another instance costs one look at a room. */
function isNew(id: string, seen: Set<string>): boolean {
  if (id === "" || seen.has(id)) return false;
  const [oldest] = seen;
  if (seen.size >= REMEMBERED && oldest !== undefined) seen.delete(oldest);
  seen.add(id);
  return true;
}
