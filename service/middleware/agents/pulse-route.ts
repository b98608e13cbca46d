import { type AgentPulse, type AgentWord, agentPulseSchema } from "@trunkline/shared";
import type { FastifyInstance } from "fastify";
import { RequestError } from "../errors.ts";
import { type SignedRouteSettings, signedRoute } from "../livekit/signed-route.ts";
import type { RequestLimits } from "../security/rate-limit.ts";
import type { CallStore } from "../store/call-store.ts";

export interface PulseRouteParts {
  readonly store: Pick<CallStore, "notePulse">;
  readonly told: (word: AgentWord) => Promise<void>;
  readonly limits: RequestLimits;
}

/**
 * `POST /livekit-agents`: how one worker of the agent fares, and what is new in its calls. Signed as LiveKit signs its webhooks, with the
 * project's key that both have. News that could not be kept are refused with 5xx, and told again.
 */
export function pulseRoute(
  app: FastifyInstance,
  { store, told, limits }: PulseRouteParts,
  settings: SignedRouteSettings,
): void {
  signedRoute(app, limits, settings, {
    url: "/livekit-agents",
    read,
    handle: async ({ news, ...pulse }) => {
      await Promise.all([store.notePulse(pulse), ...news.map(told)]);
    },
  });
}

function read(body: string): AgentPulse {
  const parsed = agentPulseSchema.safeParse(JSON.parse(body));
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`).join("; ");
  throw new RequestError(
    "PAYLOAD_INVALID",
    `Not the pulse of an agent: ${fields}`,
    "Deploy middleware and agent of the same version.",
  );
}
