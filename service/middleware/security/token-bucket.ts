/** Sources that have been quiet for so long that their bucket is full again are forgotten, at the latest at this many. */
const MOST_SOURCES = 10_000;
const BURST_SECONDS = 10;

interface Bucket {
  tokens: number;
  at: number;
}

/** Tokens per source: `perSecond` are filled in, up to ten seconds' worth; who has none left is refused. */
export class TokenBuckets {
  readonly #perSecond: number;
  readonly #capacity: number;
  readonly #bySource = new Map<string, Bucket>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#capacity = perSecond * BURST_SECONDS;
  }

  /** Takes tokens away; below zero is possible, and has to be filled up again first. `now` in ms. */
  take(source: string, tokens: number, now: number): void {
    if (this.#bySource.size >= MOST_SOURCES) this.#forgetFull(now);
    this.#bySource.set(source, { tokens: this.#left(source, now) - tokens, at: now });
  }

  /** Seconds until the source may go on; 0 = now. */
  waitSeconds(source: string, now: number): number {
    const left = this.#left(source, now);
    return left > 0 ? 0 : Math.max(1, Math.ceil(-left / this.#perSecond));
  }

  #left(source: string, now: number): number {
    const bucket = this.#bySource.get(source);
    if (bucket === undefined) return this.#capacity;
    return Math.min(this.#capacity, bucket.tokens + ((now - bucket.at) / 1_000) * this.#perSecond);
  }

  #forgetFull(now: number): void {
    for (const source of this.#bySource.keys())
      if (this.#left(source, now) >= this.#capacity) this.#bySource.delete(source);
    // Still as many: somebody sends from everywhere. Starting anew is better than growing.
    if (this.#bySource.size >= MOST_SOURCES) this.#bySource.clear();
  }
}
