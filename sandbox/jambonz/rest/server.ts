import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { own } from "@trunkline/contract";
import type { Account, Webhook } from "../account.ts";
import type { LiveCalls } from "../live-calls.ts";
import { accountRoutes } from "./accounts.ts";
import { type Answer, type Request, RestError, type Row, type Scope } from "./answer.ts";
import { applicationRoutes } from "./applications.ts";
import { clientRoutes } from "./clients.ts";
import type { Context } from "./context.ts";
import { phoneNumberRoutes } from "./phone-numbers.ts";
import { DEFAULT_RATE_LIMIT, type RateLimit, RateLimiter } from "./rate-limit.ts";
import { sipGatewayRoutes } from "./sip-gateways.ts";
import { speechCredentialRoutes } from "./speech-credentials.ts";
import { voipCarrierRoutes } from "./voip-carriers.ts";

export interface RestOptions {
  /** Edited in place: what is written here is what the next call uses. */
  account: Account;
  /** A key of the account. */
  apiKey: string;
  /** A key of the whole server. Default: there is none. */
  adminKey?: string;
  /** Default a free one. */
  port?: number;
  rateLimit?: RateLimit;
  /** What live call control reaches. Default: no call. */
  liveCalls?: LiveCalls;
  /** After every request that was not a GET. */
  onWrite?: (account: Account) => void;
}

export interface RestServer {
  /** `http://127.0.0.1:PORT`, without `/v1`. */
  url: string;
  /** Webhook rows that nothing points to any more. */
  orphans: Webhook[];
  stop(): Promise<void>;
}

const ROUTES: Record<string, (context: Context, request: Request) => Answer | Promise<Answer>> = {
  Accounts: accountRoutes,
  Applications: applicationRoutes,
  Clients: clientRoutes,
  PhoneNumbers: phoneNumberRoutes,
  SipGateways: sipGatewayRoutes,
  SpeechCredentials: speechCredentialRoutes,
  VoipCarriers: voipCarrierRoutes,
};

/** jambonz' REST API over one account (read: api-server app.js, lib/routes/api/decorate.js) (seen live: jambonz-live, section 1). On 127.0.0.1. */
export async function startRest(options: RestOptions): Promise<RestServer> {
  const context: Context = { account: options.account, orphans: [], liveCalls: options.liveCalls };
  const limiter = new RateLimiter(options.rateLimit ?? DEFAULT_RATE_LIMIT);
  const server = createServer((request, response) => {
    void answer(context, options, limiter, request).then((done) => write(response, done));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    orphans: context.orphans,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  context: Context,
  options: RestOptions,
  limiter: RateLimiter,
  message: IncomingMessage,
): Promise<Answer> {
  const { isAllowed, headers } = limiter.pass(Date.now());
  if (!isAllowed) return { status: 429, body: "Too many requests, please try again later.", headers };
  try {
    const done = await route(context, options, message);
    if (message.method !== "GET") options.onWrite?.(context.account);
    return { ...done, headers };
  } catch (cause) {
    const status = cause instanceof RestError ? cause.status : 500;
    return { status, body: { msg: cause instanceof Error ? cause.message : String(cause) }, headers };
  }
}

async function route(context: Context, options: RestOptions, message: IncomingMessage): Promise<Answer> {
  const body = await readBody(message);
  const { authorization } = message.headers;
  if (isMalformed(authorization)) return { status: 400, body: "Bad Request" };
  const scope = scopeOf(options, authorization ?? "");
  if (scope === undefined) return { status: 401, body: "Unauthorized" };
  const { pathname, searchParams: query } = new URL(message.url ?? "/", "http://host");
  const [version, ...path] = pathname.split("/").filter((part) => part !== "");
  const handle = version === "v1" ? own(ROUTES, path[0] ?? "") : undefined;
  if (handle === undefined) return { status: 404, body: `Cannot ${message.method} ${pathname}` };
  return handle(context, { method: message.method ?? "GET", path, query, body, scope });
}

/** A scheme without a key, as in `Authorization: Bearer ` (seen live: jambonz-live, section 1). */
function isMalformed(authorization: string | undefined): boolean {
  return authorization !== undefined && authorization.split(" ").length !== 2;
}

function scopeOf({ apiKey, adminKey }: RestOptions, authorization: string): Scope | undefined {
  const token = /^Bearer (.+)$/.exec(authorization)?.[1];
  if (token === undefined) return undefined;
  if (token === apiKey) return "account";
  return token === adminKey ? "admin" : undefined;
}

async function readBody(message: IncomingMessage): Promise<Row> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const isJson = message.headers["content-type"]?.includes("application/json");
  if (!isJson || chunks.length === 0) return {};
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as Row;
  } catch {
    throw new RestError(400, "Unexpected token in JSON");
  }
}

function write(response: ServerResponse, { status, body, headers }: Answer): void {
  const isText = typeof body === "string";
  response.writeHead(status, {
    ...headers,
    ...(body !== undefined && {
      "content-type": isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8",
    }),
  });
  response.end(body === undefined ? "" : isText ? body : JSON.stringify(body));
}
