import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { FastifyInstance, RouteOptions } from "fastify";
import { signedPartOf } from "../jambonz/hooks.ts";
import { judgeHeader } from "../jambonz/signature.ts";
import { SECURITY_HEADERS } from "./headers.ts";
import { FREE, type RequestLimits } from "./rate-limit.ts";
import { sourceOf } from "./source.ts";

/** LiveKit signs in another way. */
const EVENTS = "/livekit-events";
const BODY = JSON.stringify({
  error: { code: "RATE_LIMITED", message: "Too many requests from this address.", action: "Wait." },
});
const HEADERS = {
  ...SECURITY_HEADERS,
  "content-type": "application/json; charset=utf-8",
  "content-length": Buffer.byteLength(BODY),
  "retry-after": "60",
};

interface GateParts {
  /** How many proxies in front are believed. */
  readonly proxyHops: number;
  readonly limits: RequestLimits;
  /** Whether hooks are verified. */
  readonly isVerified: boolean;
}

/**
 * Refuses the requests of a flood before the service looks at them, at a fraction of the cost: what their route would answer with 429. All
 * others take the usual way; so does a hook whose signature has to be computed.
 */
export function closeGate(app: FastifyInstance, { proxyHops, limits, isVerified }: GateParts): void {
  const routes: RouteOptions[] = [];
  app.addHook("onRoute", (route) => void routes.push(route));
  let signed: ReadonlySet<string> | undefined;
  before(app.server, (request, response) => {
    signed ??= new Set(routes.filter(({ config }) => config?.isSigned).map(({ url }) => url)); // all are known by now
    const [path = ""] = (request.url ?? "").split("?", 1);
    if (FREE.has(path)) return false;
    const source = sourceOf(addressOf(request, proxyHops));
    const isHopeless = () => isVerified && judgeHeader(signedPartOf(request.headers)) !== undefined;
    const isRefused = signed.has(path)
      ? path !== EVENTS && limits.hasRefusals(source) && isHopeless()
      : limits.isSpent(source);
    if (isRefused) response.writeHead(429, HEADERS).end(BODY);
    return isRefused;
  });
}

/** What Fastify's `request.ip` is: the address that the outermost believed proxy has seen. */
export function addressOf(request: IncomingMessage, proxyHops: number): string {
  const nearest = request.socket.remoteAddress ?? "";
  if (proxyHops === 0) return nearest;
  const forwarded = request.headers["x-forwarded-for"];
  const all = [forwarded ?? []]
    .flat()
    .join(",")
    .split(",")
    .map((address) => address.trim());
  const addresses = [nearest, ...all.filter((address) => address !== "").reverse()];
  return addresses[Math.min(proxyHops, addresses.length - 1)] ?? nearest;
}

/** @param isAnswered answers a request, or returns false */
function before(server: Server, isAnswered: (request: IncomingMessage, response: ServerResponse) => boolean): void {
  const listeners = server.listeners("request");
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (isAnswered(request, response)) return;
    for (const listener of listeners) listener.call(server, request, response);
  });
}
