import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { RequestError } from "../errors.ts";

export interface AccessSettings {
  readonly callsToken: string | undefined;
  readonly openWithoutToken: boolean;
}

const WAY_IN = "Send `Authorization: Bearer <CALLS_TOKEN>`, or the token as the password of basic authentication.";

/** Lets only holders of the token in; a browser asks its user for it. */
export function requireAccess(settings: AccessSettings) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (settings.callsToken === undefined) return requireOpen(settings);
    if (isToken(offered(request.headers.authorization), settings.callsToken)) return;
    reply.header("www-authenticate", 'Basic realm="Trunkline calls", charset="UTF-8"');
    throw new RequestError("TOKEN_INVALID", "The token is missing or wrong.", WAY_IN);
  };
}

function requireOpen({ openWithoutToken }: AccessSettings): void {
  if (openWithoutToken) return;
  throw new RequestError(
    "ACCESS_CLOSED",
    "Calls, live page and metrics are closed: no token is configured.",
    "Set CALLS_TOKEN (8 characters or more) and send it with the request.",
  );
}

/** The token in a header: of a bearer, or the password of basic authentication with any user name. */
function offered(header = ""): string {
  const [, scheme = "", value = ""] = /^(\w+) +(\S+)$/.exec(header) ?? [];
  if (/^bearer$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return "";
  return Buffer.from(value, "base64")
    .toString("utf8")
    .replace(/^[^:]*:/, "");
}

/** Compares hashes: of one length, so that not even the token's length is told by the time it takes. */
function isToken(text: string, token: string): boolean {
  return timingSafeEqual(sha256(text), sha256(token));
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
