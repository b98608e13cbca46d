/** How many requests are let through in one window. */
export interface RateLimit {
  requests: number;
  windowMs: number;
}

/** What an API server does unless it is told otherwise: 600 requests in 5 minutes, one bucket for everybody (read: api-server app.js) (seen live: jambonz-live, section 1). */
export const DEFAULT_RATE_LIMIT: RateLimit = { requests: 600, windowMs: 300_000 };

export interface Passage {
  isAllowed: boolean;
  /** `RateLimit-*`, with every answer. */
  headers: Record<string, string>;
}

/** A fixed window that starts with its first request. */
export class RateLimiter {
  readonly #limit: RateLimit;
  #count = 0;
  #endsAt = 0;

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** @param now epoch ms */
  pass(now: number): Passage {
    const { requests, windowMs } = this.#limit;
    if (now >= this.#endsAt) {
      this.#endsAt = now + windowMs;
      this.#count = 0;
    }
    this.#count += 1;
    return {
      isAllowed: this.#count <= requests,
      headers: {
        "RateLimit-Policy": `${requests};w=${Math.ceil(windowMs / 1_000)}`,
        "RateLimit-Limit": String(requests),
        "RateLimit-Remaining": String(Math.max(requests - this.#count, 0)),
        "RateLimit-Reset": String(Math.ceil((this.#endsAt - now) / 1_000)),
      },
    };
  }
}
