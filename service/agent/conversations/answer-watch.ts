/** After so long without an answer a caller hears that the line is not dead, and again each time; ms. */
const FILLER_EVERY_MS = 3_000;
/** An answer that takes longer does not come; ms. */
const LONGEST_MS = 15_000;
/** Nor does a tool's result; ms. */
const LONGEST_TOOL_MS = 60_000;

export interface AnswerWatchEvents {
  filler(): void;
  /** No answer has come. */
  late(): void;
  /** Whether the model waits for a tool, and cannot answer before. */
  isToolRunning(): boolean;
}

/** Watches how long a caller waits for an answer: a model that says nothing says no error either. */
export class AnswerWatch {
  readonly #events: AnswerWatchEvents;
  #filler: NodeJS.Timeout | undefined;
  #late: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(events: AnswerWatchEvents) {
    this.#events = events;
  }

  /** Whether the caller waits for an answer. */
  get isDue(): boolean {
    return this.#late !== undefined;
  }

  /** The caller waits for an answer from now on, unless they do already. */
  due(): void {
    if (this.#isClosed) return;
    this.#late ??= setTimeout(() => this.#look(LONGEST_MS), LONGEST_MS);
    this.#filler ??= setInterval(() => this.#events.filler(), FILLER_EVERY_MS);
  }

  #look(waitedMs: number): void {
    if (!this.#events.isToolRunning() || waitedMs >= LONGEST_TOOL_MS) this.#events.late();
    else this.#late = setTimeout(() => this.#look(waitedMs + LONGEST_MS), LONGEST_MS);
  }

  /** The agent answers, or no answer is due any more. */
  over(): void {
    clearTimeout(this.#late);
    clearInterval(this.#filler);
    this.#late = this.#filler = undefined;
  }

  /** For good: nothing is due when the call is over. */
  close(): void {
    this.#isClosed = true;
    this.over();
  }
}
