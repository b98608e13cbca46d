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
export const FREE = new Set(["/healthz", "/readyz"]);

/**
 * Limits what one source may ask for; 429 with `Retry-After` beyond it. A signed request is never limited: callers of one proxy, or of one
 * office, share an address with whoever sends nonsense. Its signature is verified first, and only those that fail are counted.
 */
export class RequestLimits {
  readonly #unsigned: TokenBuckets | undefined;
  readonly #refusals = new TokenBuckets(REFUSALS_PER_SECOND);

  /** @param perSecond requests without a signature; 0 = no limit */
  constructor(perSecond: number) {
    this.#unsigned = perSecond === 0 ? undefined : new TokenBuckets(perSecond);
  }

  /** To be called with each refused signature. @throws RequestError RATE_LIMITED when there are too many from that source */
  countRefusal(request: FastifyRequest, reply: FastifyReply): void {
    const source = sourceOf(request.ip);
    requireTokens(this.#refusals, source, reply);
    this.#refusals.take(source, 1, performance.now());
  }

  /** Whether so many signatures of that source were refused that the next one is not counted any more. */
  hasRefusals(source: string): boolean {
    return this.#refusals.waitSeconds(source, performance.now()) > 0;
  }

  /** Whether that source has asked for too much that needs no signature. */
  isSpent(source: string): boolean {
    return (this.#unsigned?.waitSeconds(source, performance.now()) ?? 0) > 0;
  }

  /** Adds the limit to all routes without a signature. */
  apply(app: FastifyInstance): void {
    const buckets = this.#unsigned;
    if (buckets === undefined) return;
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
