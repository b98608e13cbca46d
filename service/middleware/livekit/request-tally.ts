/** The requests of the middleware to LiveKit's API so far, by method and answer: LiveKit Cloud limits them per project and minute. */
export class RequestTally {
  readonly #counts = new Map<string, { readonly method: string; readonly status: string; count: number }>();

  /** @param status of the answer; undefined = there was none */
  note(method: string, status: number | undefined): void {
    const text = status === undefined ? "none" : String(status);
    const key = `${method} ${text}`;
    const entry = this.#counts.get(key) ?? { method, status: text, count: 0 };
    entry.count++;
    this.#counts.set(key, entry);
  }

  get entries(): readonly { readonly method: string; readonly status: string; readonly count: number }[] {
    return [...this.#counts.values()];
  }
}
