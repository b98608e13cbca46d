/** A call that could not even be placed: a stable code, what happened with which value, what to do. */
export class CallerError extends Error {
  readonly code: "UNSENDABLE_HEADER" | "NOT_SENT";
  readonly hint: string;

  constructor(code: CallerError["code"], message: string, hint: string) {
    super(message);
    this.name = "CallerError";
    this.code = code;
    this.hint = hint;
  }
}
