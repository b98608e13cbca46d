import type { Call, Precondition, Verb, VerbData } from "./verb.ts";

export interface PauseData extends VerbData {
  /** Seconds. */
  length: number;
}

/** Waits without answering the call (read: feature-server lib/tasks/pause.js). */
export class Pause implements Verb {
  readonly name = "pause";
  readonly needs: Precondition = "nothing";
  readonly earlyMedia = false;
  readonly #ms: number;
  readonly #over = Promise.withResolvers<void>();

  constructor(data: PauseData) {
    this.#ms = data.length * 1000;
  }

  async run(_call: Call): Promise<void> {
    const timer = setTimeout(this.#over.resolve, this.#ms).unref();
    await this.#over.promise;
    clearTimeout(timer);
  }

  kill(): void {
    this.#over.resolve();
  }
}
