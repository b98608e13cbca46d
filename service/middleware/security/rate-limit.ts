import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RequestError } from "../errors.ts";
import { sourceOf } from "./source.ts";
import { TokenBuckets } from "./token-bucket.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The route verifies each request by a signature. */
    isSigned?: boolean;
  }
}

/** A refused token or body costs as much as this many good requests: guessing is slow. */
const COST_OF_REFUSAL = 60;
/** Refused signatures of one source that are answered, and logged, as such: a second, for long. */
const REFUSALS_PER_SECOND = 1;
/** Platforms ask these often, from wherever they like. */
const FREE = new Set(["/healthz", "/readyz"]);

/**
 * Limits what one source may ask for; 429 with `Retry-After` beyond it. A signed request is never limited: callers of one proxy, or of one
 * office, share an address with whoever sends nonsense. Its signature is verified first, and only those that fail are counted.
 */
export function limitRate(app: FastifyInstance, perSecond: number): void {
  if (perSecond === 0) return;
  const buckets = new TokenBuckets(perSecond);
  app.addHook("onRequest", async (request, reply) => {
    if (FREE.has(request.url) || isSigned(request)) return;
    const source = sourceOf(request.ip);
    requireTokens(buckets, source, reply);
    buckets.take(source, 1, performance.now());
  });
  app.addHook("onResponse", async (request, reply) => {
    const isRefused = reply.statusCode >= 400 && reply.statusCode < 500 && reply.statusCode !== 429;
    if (isRefused && !isSigned(request)) buckets.take(sourceOf(request.ip), COST_OF_REFUSAL, performance.now());
  });
}

/** Counts refused signatures by source. */
export class RefusalLimit {
  readonly #buckets = new TokenBuckets(REFUSALS_PER_SECOND);

  /** To be called with each refusal. @throws RequestError RATE_LIMITED when there are too many from that source */
  count(request: FastifyRequest, reply: FastifyReply): void {
    const source = sourceOf(request.ip);
    requireTokens(this.#buckets, source, reply);
    this.#buckets.take(source, 1, performance.now());
  }
}

function requireTokens(buckets: TokenBuckets, source: string, reply: FastifyReply): void {
  const seconds = buckets.waitSeconds(source, performance.now());
  if (seconds === 0) return;
  reply.header("retry-after", seconds);
  throw new RequestError("RATE_LIMITED", "Too many requests from this address.", `Wait ${seconds} s.`);
}

function isSigned(request: FastifyRequest): boolean {
  return request.routeOptions.config.isSigned === true;
}
