import type { IncomingHttpHeaders } from "node:http";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RequestError, type RequestErrorCode } from "../errors.ts";
import type { RequestLimits } from "../security/rate-limit.ts";
import { judgeHeader, judgeSignature, type SignatureVerdict } from "./signature.ts";
import { hangUp, type Verb } from "./verbs.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What jambonz is answered when the route fails inside: an error status would end the call with 480 or silence. */
    onFailure?: (request: FastifyRequest) => Verb[];
  }
}

type Refused = Exclude<SignatureVerdict, "valid">;

/** jambonz sends the whole INVITE with every new call: some 10 KB; far below this limit. */
const BODY_LIMIT_BYTES = 256 * 1_024;

/** Adds routes that only jambonz may call: signature's header → raw body → size limit → signature → JSON, then the route's own schema. */
export function registerHooks(
  app: FastifyInstance,
  secrets: readonly string[],
  limits: RequestLimits,
  routes: (scope: FastifyInstance) => void,
): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "*",
      { parseAs: "buffer", bodyLimit: BODY_LIMIT_BYTES },
      async (_request: FastifyRequest, raw: Buffer) => raw,
    );
    scope.addHook("onRoute", (route) => {
      route.config = { ...route.config, isSigned: true };
    });
    // What the header alone shows is refused before the body is read.
    scope.addHook("onRequest", async (request, reply) => {
      if (secrets.length === 0) return;
      const verdict = judgeHeader(signedPartOf(request.headers));
      if (verdict !== undefined) refuse(verdict, request, reply, limits);
    });
    scope.addHook("preValidation", async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const verdict =
        secrets.length === 0 ? "valid" : judgeSignature({ ...signedPartOf(request.headers), body, secrets });
      if (verdict !== "valid") refuse(verdict, request, reply, limits);
      request.body = parseJson(body);
    });
    scope.setErrorHandler<FastifyError>(answerFailure);
    routes(scope);
  });
}

/** The signature's age is judged by the system's clock: jambonz signs by its own. */
export function signedPartOf(headers: IncomingHttpHeaders) {
  const header = headers["jambonz-signature"];
  return { header: Array.isArray(header) ? header.join(",") : header, nowSeconds: Date.now() / 1_000 };
}

function refuse(verdict: Refused, request: FastifyRequest, reply: FastifyReply, limits: RequestLimits): never {
  limits.countRefusal(request, reply);
  throw signatureError(verdict);
}

function signatureError(verdict: Refused): RequestError {
  const code: RequestErrorCode = `SIGNATURE_${verdict.toUpperCase() as Uppercase<typeof verdict>}`;
  return new RequestError(
    code,
    `The Jambonz-Signature header is refused: ${verdict}.`,
    "Compare JAMBONZ_WEBHOOK_SECRETS with the account's webhook secret, and the clocks of both machines.",
  );
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch {
    throw new RequestError(
      "PAYLOAD_INVALID",
      "The body is not JSON.",
      "Point only jambonz's hooks (method POST) at this address.",
    );
  }
}

/** A wrong request is refused; a failure of ours becomes verbs, so that the caller hears something. */
function answerFailure(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 500;
  if (status < 500) {
    if (status !== 429) request.log.warn({ code: error.code, path: request.url }, "Webhook refused");
    void reply.code(status).send(errorBody(error));
    return;
  }
  request.log.error({ reason: error.message, path: request.url }, "Webhook failed");
  void reply.code(200).send((request.routeOptions.config.onFailure ?? hangUp)(request));
}

/** `{"error":{"code","message"[,"action"]}}`. */
export function errorBody(error: FastifyError | RequestError): object {
  const action = error instanceof RequestError ? { action: error.action } : {};
  return { error: { code: error.code, message: error.message, ...action } };
}
