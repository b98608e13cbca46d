import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { type AccessSettings, requireAccess } from "../security/access.ts";

const FILES = [
  { url: "/", file: "index.html", type: "text/html; charset=utf-8" },
  { url: "/live.css", file: "live.css", type: "text/css; charset=utf-8" },
  { url: "/live-rows.css", file: "live-rows.css", type: "text/css; charset=utf-8" },
  { url: "/live.js", file: "live.js", type: "text/javascript; charset=utf-8" },
  { url: "/live-rows.js", file: "live-rows.js", type: "text/javascript; charset=utf-8" },
  { url: "/live-format.js", file: "live-format.js", type: "text/javascript; charset=utf-8" },
];

/** `GET /`: the live page and what it needs, read once. @param folder where its files are */
export function pageRoutes(app: FastifyInstance, folder: string, access: AccessSettings): void {
  const onRequest = requireAccess(access);
  for (const { url, file, type } of FILES) {
    const content = readFileSync(join(folder, file));
    const etag = `"${createHash("sha256").update(content).digest("base64url").slice(0, 20)}"`;
    app.get(url, { onRequest }, async (request, reply) => {
      reply.header("etag", etag).header("cache-control", "private, no-cache");
      if (request.headers["if-none-match"] === etag) return reply.code(304).send();
      return reply.type(type).send(content);
    });
  }
}
