import { callIdOfRoom } from "@trunkline/shared";
import type { FastifyInstance } from "fastify";
import { type WebhookEvent, WebhookReceiver } from "livekit-server-sdk";
import type { CallService } from "../calls/call-service.ts";
import { RequestError, reasonOf } from "../errors.ts";
import type { RequestLimits } from "../security/rate-limit.ts";

const BODY_LIMIT_BYTES = 256 * 1_024;
/** LiveKit gives up repeating an event long before that many others have come. */
const REMEMBERED = 10_000;
/** What can bring a call forward: the agent's track, somebody's coming or going, the end of the room. */
const TELLING = new Set(["track_published", "participant_joined", "participant_left", "room_finished"]);

export interface EventSettings {
  readonly livekit: { readonly apiKey: string; readonly apiSecret: string };
}

/**
 * `POST /livekit-events`: LiveKit's webhooks. Verified, taken once each, and only a reason to look into the room earlier: LiveKit
 * drops webhooks when its queue is full, so nothing depends on them.
 */
export function livekitEventsRoute(
  app: FastifyInstance,
  calls: CallService,
  limits: RequestLimits,
  settings: EventSettings,
): void {
  const seen = new Set<string>();
  const receiver = new WebhookReceiver(settings.livekit.apiKey, settings.livekit.apiSecret);
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers(); // the signature is over the raw body, whatever its type
    const raw = { parseAs: "string", bodyLimit: BODY_LIMIT_BYTES } as const;
    scope.addContentTypeParser("*", raw, async (_request: unknown, body: string) => body);
    scope.post("/livekit-events", { config: { isSigned: true } }, async (request, reply) => {
      const event = await verified(receiver, request.body, request.headers.authorization).catch((error: unknown) => {
        limits.countRefusal(request, reply);
        throw error;
      });
      const callId = callIdOfRoom(event.room?.name ?? "");
      if (callId !== undefined && TELLING.has(event.event) && isNew(event.id, seen)) calls.roomChanged(callId);
      return reply.code(204).send();
    });
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

async function verified(receiver: WebhookReceiver, body: unknown, header: string | undefined): Promise<WebhookEvent> {
  try {
    return await receiver.receive(typeof body === "string" ? body : "", header);
  } catch (error) {
    throw new RequestError(
      "EVENT_UNVERIFIED",
      `Not a webhook of this LiveKit project: ${reasonOf(error)}`,
      "Set up the webhook in LiveKit with the key pair that the middleware has (LIVEKIT_API_KEY).",
    );
  }
}
