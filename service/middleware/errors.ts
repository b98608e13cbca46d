/** What a request can be refused with: a stable code and the HTTP status it is answered with. */
const STATUS_OF_CODE = {
  SIGNATURE_MISSING: 401,
  SIGNATURE_MALFORMED: 401,
  SIGNATURE_EXPIRED: 401,
  SIGNATURE_MISMATCH: 401,
  TOKEN_INVALID: 401,
  ACCESS_CLOSED: 403,
  EVENT_UNVERIFIED: 401,
  QUERY_INVALID: 400,
  CALL_UNKNOWN: 404,
  FILE_UNKNOWN: 404,
  RATE_LIMITED: 429,
  STREAMS_EXHAUSTED: 503,
  PAYLOAD_INVALID: 400,
  TARGET_REFUSED: 403,
} as const;
export type RequestErrorCode = keyof typeof STATUS_OF_CODE;

/** A request that is refused: what happened, with which value, and what to do about it. */
export class RequestError extends Error {
  readonly code: RequestErrorCode;
  readonly action: string;
  constructor(code: RequestErrorCode, message: string, action: string) {
    super(message);
    this.name = "RequestError";
    this.code = code;
    this.action = action;
  }
  get statusCode(): number {
    return STATUS_OF_CODE[this.code];
  }
}

/** The configuration cannot be used; `problems` lists every one of them. */
export class ConfigError extends Error {
  readonly code = "CONFIG_INVALID";
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length} problem(s):\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
    this.name = "ConfigError";
    this.problems = problems;
  }
}

export type StoreErrorCode = "STORE_UNAVAILABLE" | "STORE_CONTENDED";

/** The call store could not do what it was asked for. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly statusCode = 503;
  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.name = "StoreError";
    this.code = code;
  }
}

/** A text for logs, whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
