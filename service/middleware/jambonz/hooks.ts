import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RequestError, type RequestErrorCode } from "../errors.ts";
import { judgeSignature, type SignatureVerdict } from "./signature.ts";
import { hangUp, type Verb } from "./verbs.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What jambonz is answered when the route fails inside: an error status would end the call with 480 or silence. */
    onFailure?: (request: FastifyRequest) => Verb[];
  }
}

/** jambonz sends the whole INVITE with every new call: some 10 KB; far below this limit. */
const BODY_LIMIT_BYTES = 256 * 1_024;

/** Adds routes that only jambonz may call: raw body → size limit → signature → JSON, then the route's own schema. */
export function registerHooks(
  app: FastifyInstance,
  secrets: readonly string[],
  routes: (scope: FastifyInstance) => void,
): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "*",
      { parseAs: "buffer", bodyLimit: BODY_LIMIT_BYTES },
      async (_request: FastifyRequest, raw: Buffer) => raw,
    );
    scope.addHook("preValidation", async (request) => {
      const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      requireSignature(request, raw, secrets);
      request.body = parseJson(raw);
    });
    scope.setErrorHandler<FastifyError>(answerFailure);
    routes(scope);
  });
}

/** No secrets = no check: the configuration allows that on the stack `local` only. */
function requireSignature(request: FastifyRequest, body: Buffer, secrets: readonly string[]): void {
  if (secrets.length === 0) return;
  const header = request.headers["jambonz-signature"];
  const verdict = judgeSignature({
    header: Array.isArray(header) ? header.join(",") : header,
    body,
    secrets,
    nowSeconds: Date.now() / 1_000,
  });
  if (verdict !== "valid") throw signatureError(verdict);
}

function signatureError(verdict: Exclude<SignatureVerdict, "valid">): RequestError {
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
    request.log.warn({ code: error.code, path: request.url }, "Webhook refused");
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
