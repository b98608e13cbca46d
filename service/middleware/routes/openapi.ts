import type { FastifyInstance } from "fastify";
import { openApiDocument } from "../openapi/document.ts";

/** `GET /openapi.json`: what the service understands and answers. */
export function openApiRoute(app: FastifyInstance, build: string): void {
  const document = openApiDocument(build);
  app.get("/openapi.json", async () => document);
}
