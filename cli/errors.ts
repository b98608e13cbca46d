/** A problem with what the user gave or asked for: a stable code, what happened with which value, what to do. */
export class CliError extends Error {
  readonly code: CliErrorCode;
  readonly hint: string;

  constructor(code: CliErrorCode, message: string, hint: string) {
    super(message);
    this.name = "CliError";
    this.code = code;
    this.hint = hint;
  }
}

export type CliErrorCode =
  /** Options that do not fit. */
  | "USAGE"
  /** LIVEKIT_URL, LIVEKIT_API_KEY or LIVEKIT_API_SECRET is not set, or is no URL. */
  | "MISSING_SETTING"
  /** Nobody usable answers at LIVEKIT_URL. */
  | "API_UNREACHABLE"
  /** What answers is not the API: an HTML page, another shape, no end. Nothing was concluded from it. */
  | "ANSWER_INVALID"
  /** The project answers, and does not know the key. */
  | "WRONG_KEY"
  /** The project answered with another error. */
  | "API_REFUSED"
  /** A file that is not what it was taken for. */
  | "BAD_FILE"
  /** The stack file belongs to another LiveKit project, or which one is meant is not clear. */
  | "WRONG_STACK"
  /** The stack has not moved away from a LiveKit project. */
  | "NOTHING_LEFT"
  /** What is live could not be compared with what is declared. */
  | "CANNOT_LOOK"
  /** Something would be changed and `--yes` was not said. */
  | "NOT_CONFIRMED";
