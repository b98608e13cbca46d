import type { FastifyInstance } from "fastify";

/** `GET /healthz`: the process answers. Says nothing about LiveKit. */
export function healthRoute(app: FastifyInstance): void {
  app.get("/healthz", async () => ({ status: "ok" }));
}
