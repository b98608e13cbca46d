import {
  AnswerError,
  type Answered,
  jsonOf,
  looseJson,
  reasonOf,
  send,
  shortReason,
} from "@trunkline/contract/outgoing";
import { z } from "zod";
import { atMost } from "../dynamic/deadline.ts";
import { TrunklineError } from "../dynamic/errors.ts";

const PUBLIC_API = "https://api.heroku.com";
const LIMIT_MS = 20_000;
/** A config var that is being deleted has null. */
const configVars = z.record(z.string(), z.string().nullable());

/**
 * The config vars of an app, all of them (GET /apps/NAME/config-vars). Only looks.
 * @throws MISSING_CREDENTIALS, API_UNREACHABLE, API_REFUSED, ANSWER_INVALID
 */
export async function configVarsOf(app: string): Promise<Record<string, string>> {
  const { HEROKU_API_KEY: key = "", HEROKU_API_URL: url = PUBLIC_API } = process.env;
  if (key === "") throw new TrunklineError("MISSING_CREDENTIALS", "HEROKU_API_KEY is not set.");
  const path = `/apps/${encodeURIComponent(app)}/config-vars`;
  const answered = await ask(new URL(path, url), key);
  if (!answered.ok)
    throw new TrunklineError("API_REFUSED", `Heroku answered GET ${path} with ${answered.status}${said(answered)}`);
  const found = typed(() => jsonOf(answered, configVars, "an app's config vars"));
  const set = Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(set);
}

async function ask(url: URL, key: string): Promise<Answered> {
  const headers = { accept: "application/vnd.heroku+json; version=3", authorization: `Bearer ${key}` };
  try {
    return await send(url, { method: "GET", headers, deadlineMs: atMost(LIMIT_MS) });
  } catch (cause) {
    if (cause instanceof AnswerError) throw new TrunklineError("ANSWER_INVALID", cause.message);
    throw new TrunklineError("API_UNREACHABLE", `No answer from ${url.origin}: ${reasonOf(cause)}.`);
  }
}

function typed<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof AnswerError) throw new TrunklineError("ANSWER_INVALID", cause.message);
    throw cause;
  }
}

/** `{id, message}` */
function said({ text }: Answered): string {
  const body = z.object({ message: z.string() }).safeParse(looseJson(text));
  return body.success ? `: ${shortReason(body.data.message)}` : "";
}
