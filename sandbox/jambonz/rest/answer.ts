/** What a route answers: a status, and a body as JSON (object), as text, or none. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A request as the routes see it: `/v1/Accounts/…` split at the slashes, behind `v1`. */
export interface Request {
  method: string;
  path: string[];
  query: URLSearchParams;
  body: Row;
  scope: Scope;
}

/** What a key may do, by which sid is set on it: its own account's rows, or everything. */
export type Scope = "account" | "admin";

export type Row = Record<string, unknown>;

/** An error of the API: `{msg}` with its status (read: api-server lib/routes/error.js) (seen live: jambonz-live, section 1). */
export class RestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "RestError";
    this.status = status;
  }
}

export const badRequest = (message: string) => new RestError(400, message);
export const forbidden = (message: string) => new RestError(403, message);
export const unprocessable = (message: string) => new RestError(422, message);
/** Whatever the server did not expect: MySQL's errors, and its own mistakes such as reading a row that is not there. */
export const serverError = (message: string) => new RestError(500, message);

export const created = (sid: string): Answer => ({ status: 201, body: { sid } });
export const NO_CONTENT: Answer = { status: 204 };
/** `res.status(404).end()`: nothing at all in it. */
export const EMPTY_NOT_FOUND: Answer = { status: 404 };
/** `res.sendStatus(404)`. */
export const TEXT_NOT_FOUND: Answer = { status: 404, body: "Not Found" };
