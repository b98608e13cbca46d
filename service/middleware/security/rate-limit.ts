import type { FastifyInstance } from "fastify";
import { RequestError } from "../errors.ts";
import { TokenBuckets } from "./token-bucket.ts";

/** A refused signature, token or body costs as much as this many good requests: guessing is slow, a busy jambonz is not. */
const COST_OF_REFUSAL = 60;
/** Platforms ask these often, from wherever they like. */
const FREE = new Set(["/healthz", "/readyz"]);

/** Limits what one source may ask for; 429 with `Retry-After` beyond it. */
export function limitRate(app: FastifyInstance, perSecond: number): void {
  if (perSecond === 0) return;
  const buckets = new TokenBuckets(perSecond);
  app.addHook("onRequest", async (request, reply) => {
    if (FREE.has(request.url)) return;
    const seconds = buckets.waitSeconds(request.ip, Date.now());
    if (seconds > 0) {
      reply.header("retry-after", seconds);
      throw new RequestError("RATE_LIMITED", "Too many requests from this address.", `Wait ${seconds} s.`);
    }
    buckets.take(request.ip, 1, Date.now());
  });
  app.addHook("onResponse", async (request, reply) => {
    const refused = reply.statusCode >= 400 && reply.statusCode < 500 && reply.statusCode !== 429;
    if (refused) buckets.take(request.ip, COST_OF_REFUSAL, Date.now());
  });
}
