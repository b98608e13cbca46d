import type { FastifyInstance } from "fastify";
import type { Metrics } from "../metrics.ts";
import { type AccessSettings, requireAccess } from "../security/access.ts";

/** `GET /metrics`: what Prometheus scrapes, in its text format. */
export function metricsRoute(app: FastifyInstance, metrics: Metrics, access: AccessSettings): void {
  app.get("/metrics", { onRequest: requireAccess(access) }, async (_request, reply) => {
    const { type, body } = await metrics.text();
    return reply.type(type).send(body);
  });
}
