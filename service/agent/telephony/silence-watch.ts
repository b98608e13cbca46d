/** How long a caller may be silent. */
export interface SilenceLimits {
  /** Then they are asked whether they are still there; ms; 0 = never. */
  askAfterMs: number;
  /** Still nothing this long after the question: the end; ms. */
  endAfterMs: number;
}

/** Watches a caller's silence: asks once, ends the call if nothing is heard after that. */
export class SilenceWatch {
  readonly #limits: SilenceLimits;
  readonly #onAsk: () => void;
  readonly #onEnd: () => void;
  #timer: NodeJS.Timeout | undefined;
  #hasAsked = false;
  #isClosed = false;

  constructor(limits: SilenceLimits, onAsk: () => void, onEnd: () => void) {
    this.#limits = limits;
    this.#onAsk = onAsk;
    this.#onEnd = onEnd;
  }

  /** Whether the caller has been asked, and not been heard since. */
  get hasAsked(): boolean {
    return this.#hasAsked;
  }

  /** The caller was heard, or pressed a key, or it is the agent's turn: the time begins anew. */
  heard(): void {
    if (this.#limits.askAfterMs === 0 || this.#isClosed) return;
    if (this.#timer && !this.#hasAsked) return void this.#timer.refresh();
    this.stop();
    this.#timer = setTimeout(() => this.#ask(), this.#limits.askAfterMs);
  }

  /** Until the next `heard`. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#hasAsked = false;
  }

  /** For good: what is heard when the call is over asks nobody. */
  close(): void {
    this.#isClosed = true;
    this.stop();
  }

  #ask(): void {
    this.#hasAsked = true;
    this.#timer = setTimeout(this.#onEnd, this.#limits.endAfterMs);
    this.#onAsk();
  }
}
