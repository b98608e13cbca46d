/** Above what it had at its start, and beside that of its running calls, a host holds no more than this before a quiet moment. */
const WORN_MB = 70;
/** Nor more than this at any time. A new process takes a second of CPU, which the calls of a full load have not to spare. */
const MOST_MB = 140;
const CALL_MB = 8;
/** So much more than at its start is worth a new process when there is nothing else to do. */
const GROWN_MB = 6;

/** How much resident memory a host process has come to hold: freed native memory does not all come back. */
export class Wear {
  #startMb: number | undefined;
  #rssMb = 0;

  /** @param rssMb first told before the first call. */
  note(rssMb: number): void {
    this.#startMb ??= rssMb;
    this.#rssMb = rssMb;
  }

  get rssMb(): number {
    return this.#rssMb;
  }

  /**
   * Whether a new process has to take its place.
   * @param isQuiet no call has begun for a while.
   */
  isWorn(calls: number, isQuiet: boolean): boolean {
    return this.#grownMb > (isQuiet ? WORN_MB : MOST_MB) + calls * CALL_MB;
  }

  /** More than at the start, in a host without calls. */
  get hasGrown(): boolean {
    return this.#grownMb > GROWN_MB;
  }

  get #grownMb(): number {
    return this.#rssMb - (this.#startMb ?? this.#rssMb);
  }
}
