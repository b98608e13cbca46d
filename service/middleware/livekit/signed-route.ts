import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type WebhookEvent, WebhookReceiver } from "livekit-server-sdk";
import { RequestError, reasonOf } from "../errors.ts";
import type { RequestLimits } from "../security/rate-limit.ts";

const BODY_LIMIT_BYTES = 256 * 1_024;

export interface SignedRouteSettings {
  readonly livekit: { readonly apiKey: string; readonly apiSecret: string };
}

/** Who may call such a route: holders of the LiveKit project's key, by a token whose claim is the hash of the body. */
export interface SignedRoute<Body> {
  readonly url: string;
  /** Of the body as text, whose signature is valid. @throws RequestError */
  readonly read: (body: string, event: WebhookEvent) => Body;
  readonly handle: (body: Body) => Promise<void>;
}

/** A route that is called with POST by LiveKit, or by whoever signs as it does; answered with 204. */
export function signedRoute<Body>(
  app: FastifyInstance,
  limits: RequestLimits,
  { livekit }: SignedRouteSettings,
  route: SignedRoute<Body>,
): void {
  const receiver = new WebhookReceiver(livekit.apiKey, livekit.apiSecret);
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers(); // the signature is over the raw body, whatever its type
    const raw = { parseAs: "string", bodyLimit: BODY_LIMIT_BYTES } as const;
    scope.addContentTypeParser("*", raw, async (_request: unknown, body: string) => body);
    scope.post(route.url, { config: { isSigned: true } }, async (request: FastifyRequest, reply: FastifyReply) => {
      const event = await verified(receiver, request.body, request.headers.authorization).catch((error: unknown) => {
        limits.countRefusal(request, reply);
        throw error;
      });
      await route.handle(route.read(String(request.body), event));
      return reply.code(204).send();
    });
  });
}

async function verified(receiver: WebhookReceiver, body: unknown, header: string | undefined): Promise<WebhookEvent> {
  try {
    return await receiver.receive(typeof body === "string" ? body : "", header);
  } catch (error) {
    throw new RequestError(
      "EVENT_UNVERIFIED",
      `Not signed with the key of this LiveKit project: ${reasonOf(error)}`,
      "Set up the webhook in LiveKit, and the agent, with the key pair that the middleware has (LIVEKIT_API_KEY).",
    );
  }
}
