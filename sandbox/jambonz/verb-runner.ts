import { type Call, type KillReason, NonFatalError, type Verb } from "./verbs/verb.ts";

/**
 * Runs verbs one after the other; others may take their place while one runs, an error in one ends the list,
 * unless it is one of speech or of a file (read: feature-server lib/session/call-session.js exec, lib/utils/error.js).
 */
export class VerbRunner {
  readonly #call: Call;
  readonly #prepare: (verb: Verb) => boolean;
  readonly #nested: boolean;
  #verbs: Verb[];
  #current: Verb | undefined;

  /**
   * @param prepare brings the call into the state a verb needs; false skips the verb.
   * @param nested within another verb: the verbs' action hooks replace nothing.
   */
  constructor(call: Call, verbs: Verb[], prepare: (verb: Verb) => boolean, nested = false) {
    this.#call = call;
    this.#verbs = [...verbs];
    this.#prepare = prepare;
    this.#nested = nested;
  }

  /** Resolves when the verbs are through, a verb has thrown, or the call is over. Never rejects. */
  async run(): Promise<void> {
    for (let verb = this.#next(); verb; verb = this.#next()) {
      if (!this.#prepare(verb)) continue;
      this.#current = verb;
      try {
        await verb.run(this.#call, this.#nested);
      } catch (error) {
        if (!(error instanceof NonFatalError)) this.#verbs = []; // the error ends the list
      }
      this.#current = undefined;
    }
  }

  #next(): Verb | undefined {
    return this.#call.gone ? undefined : this.#verbs.shift();
  }

  replace(verbs: Verb[]): void {
    this.#verbs = [...verbs];
    this.#current?.kill("replaced");
  }

  kill(reason: KillReason): void {
    this.#verbs = [];
    this.#current?.kill(reason);
  }
}
