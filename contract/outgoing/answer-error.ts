/** Where an answer came from: no query, no credentials. */
export interface Asked {
  method: string;
  /** `host:port` */
  host: string;
  path: string;
}

/**
 * Something answered that cannot be what was asked for: an HTML page, a body of another shape, one that never ends. It says nothing about the
 * system behind the address, least of all that it is empty.
 */
export class AnswerError extends Error {
  readonly code = "ANSWER_INVALID";
  readonly asked: Asked;
  readonly expected: string;
  readonly found: string;

  constructor(asked: Asked, expected: string, found: string) {
    super(
      `ANSWER_INVALID: ${asked.host} answered ${asked.method} ${asked.path} with ${found}; expected ${expected}. Check that the address belongs to this API and that no proxy or login page stands before it.`,
    );
    this.name = "AnswerError";
    this.asked = asked;
    this.expected = expected;
    this.found = found;
  }
}
