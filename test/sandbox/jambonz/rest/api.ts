import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { emptyAccount } from "../../../../sandbox/jambonz/account.ts";
import { type RestOptions, type RestServer, startRest } from "../../../../sandbox/jambonz/rest/server.ts";

/** A row, or an error's `{msg}`. */
export interface Row {
  [column: string]: unknown;
  sid: string;
  msg: string;
  name: string;
  account_sid: string;
  webhook_secret: string;
  service_provider_sid: string;
  call_hook: { webhook_sid: string; url: string; method: string };
}

export interface Reply {
  status: number;
  /** JSON where it is JSON, else the text: each test knows which. */
  body: Row;
  headers: Headers;
}

/** jambonz' REST API as any HTTP client sees it. */
export interface Api {
  url: string;
  key: string;
  send(method: string, path: string, body?: unknown, key?: string): Promise<Reply>;
  stop(): Promise<void>;
}

/** A real server counts 600 requests in 5 minutes, of everybody (app.js): a test may have to wait for the next 5. */
const REAL_SERVER_TIMEOUT_MS = 400_000;
if (realServer() !== undefined) jest.setTimeout(REAL_SERVER_TIMEOUT_MS);

/** A real server, when the environment names one. */
export function realServer(): { url: string; key: string } | undefined {
  const { JAMBONZ_TEST_API_URL: url, JAMBONZ_TEST_API_KEY: key } = process.env;
  return url && key ? { url: url.replace(/\/(v1\/?)?$/, ""), key } : undefined;
}

/** The real server, else the stand-in. @param given of the stand-in */
export async function startApi(given: Partial<RestOptions> = {}): Promise<Api> {
  const real = realServer();
  if (real) return { ...real, send: patient(sender(real.url, real.key)), stop: async () => {} };
  return startStandIn(given);
}

export async function startStandIn(
  given: Partial<RestOptions> = {},
): Promise<Api & { server: RestServer; options: RestOptions }> {
  const options = { account: emptyAccount(), apiKey: randomUUID(), ...given };
  const server = await startRest(options);
  const { url } = server;
  return { url, key: options.apiKey, server, options, send: sender(url, options.apiKey), stop: () => server.stop() };
}

function sender(url: string, ownKey: string): Api["send"] {
  return async (method, path, body, key = ownKey) => {
    const response = await fetch(`${url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: parsed(text), headers: response.headers };
  };
}

/** Waits where the rate limit is reached. */
function patient(send: Api["send"]): Api["send"] {
  return async (...request) => {
    for (;;) {
      const reply = await send(...request);
      if (reply.status !== 429) return reply;
      const seconds = Number(reply.headers.get("ratelimit-reset") ?? "") || 1;
      await sleep(seconds * 1_000);
    }
  };
}

function parsed(text: string): Reply["body"] {
  try {
    return JSON.parse(text) as Row;
  } catch {
    return text as unknown as Row;
  }
}
