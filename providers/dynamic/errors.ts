import { shown } from "../text/foreign.ts";

/** What can go wrong, by a code that stays the same between versions: search for it, match on it. */
export type ErrorCode =
  /** The environment's keys or LIVEKIT_URL belong to another system than the one the stack is bound to. Nothing was changed. */
  | "ENVIRONMENT_MISMATCH"
  /** A key that only the environment may carry is not set. */
  | "MISSING_CREDENTIALS"
  /** The Jambonz account has another SIP realm than the stack is configured for. */
  | "REALM_MISMATCH"
  /** An input that no system would accept. */
  | "INVALID_INPUT"
  /** A live object without our mark has the name of a declared one. */
  | "FOREIGN_TWIN"
  /** A live object carries the mark of another stack or resource. */
  | "OWNED_BY_ANOTHER"
  /** More than one live object carries the same mark. */
  | "DUPLICATE_MARK"
  /** Two objects would take the same call, so that LiveKit answers it with 503. */
  | "ROUTING_CONFLICT"
  /** What is live could not be looked at, so that nobody knows whether it clashes with what is declared. */
  | "CANNOT_CHECK_ROUTING"
  /** The file with the copies of what is to be removed cannot be written. Nothing was removed. */
  | "COPY_NOT_WRITTEN"
  /** A change of what a whole account has would break what others have in it. */
  | "SHARED_ACCOUNT"
  /** The object of an update, or of `adopt`, does not exist. */
  | "OBJECT_GONE"
  /** No answer from the API. */
  | "API_UNREACHABLE"
  /** What answered is no answer of this API: an HTML page, another shape, no end. Nothing was concluded from it. */
  | "ANSWER_INVALID"
  /** The API answered with an error. */
  | "API_REFUSED"
  /** Some of several objects were dealt with, then something failed. */
  | "PARTLY_DONE"
  /** What was deployed does not show itself ready. What depends on it was left as it was. */
  | "NOT_READY"
  /** Calls are going on that the change would break off. */
  | "CALLS_IN_PROGRESS"
  /** The state names a kind of resource which this version does not know. */
  | "UNKNOWN_KIND";

/** A list of clashes is long; an answer of 1 MB is no message. */
export const MOST_CHARACTERS = 4_000;

/**
 * An error for people: what happened, with which value, what to do. Never with a secret in it.
 * The message starts with the code and is one line, whatever names are in it. It prints without a stack: Pulumi shows what is printed
 * to the user.
 */
export class TrunklineError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(`${code}: ${shown(message, MOST_CHARACTERS)}`);
    this.name = "TrunklineError";
    this.code = code;
    this.stack = "";
  }

  override toString(): string {
    return this.message;
  }
}

/** What Pulumi's provider process looks for on an error when an object exists but is not finished: it then keeps these in the state. */
export interface Unfinished {
  id: string;
  properties: Record<string, unknown>;
  reasons: string[];
}

/** Some was done, then `cause` happened. Pulumi saves `properties`; the next `up` calls update, which goes on from there. */
export function partlyDone(
  id: string,
  properties: Record<string, unknown>,
  cause: unknown,
): TrunklineError & Unfinished {
  const reason = messageOf(cause);
  const error = new TrunklineError(
    "PARTLY_DONE",
    `${reason} What was done before is in the state; run \`pulumi up\` again.`,
  );
  return Object.assign(error, { id, properties, reasons: [reason] });
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
