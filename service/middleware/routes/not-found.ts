import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** A hook that is set wrong is called for every call: one line says it, and again after so long. */
const LOG_EVERY_MS = 60_000;

/** What is wrong with a request that meets no route, and what to do. */
interface Reason {
  status: 404 | 405;
  message: string;
  action: string;
}

/** 404 for everything that is not there; for a hook that is called in a wrong way the reason, in the answer and, once a minute, in the log. */
export function notFoundRoute(app: FastifyInstance): void {
  const loggedAt = new Map<string, number>();
  app.setNotFoundHandler((request, reply) => {
    const reason = reasonFor(app, request);
    if (reason === undefined)
      return send(reply, {
        status: 404,
        message: `There is no such ${request.method} route.`,
        action: "See /openapi.json.",
      });
    const path = pathOf(request);
    // Only spellings of our own routes get here: the map stays small by its keys.
    const now = performance.now();
    const key = `${request.method} ${path.toLowerCase().replace(/(?<!\/)\/+$/, "")}`;
    if (now - (loggedAt.get(key) ?? -LOG_EVERY_MS) >= LOG_EVERY_MS) {
      loggedAt.set(key, now);
      request.log.warn(
        { event: "hook.called-wrongly", method: request.method, path, reason: reason.message, action: reason.action },
        "Hook called in a wrong way",
      );
    }
    if (reason.status === 405) void reply.header("allow", "POST");
    return send(reply, reason);
  });
}

function reasonFor(app: FastifyInstance, request: FastifyRequest): Reason | undefined {
  const path = pathOf(request);
  const url = path
    .toLowerCase()
    .replace(/\/{2,}/g, "/")
    .replace(/(?<=.)\/$/, "");
  if (!url.startsWith("/livekit-") || !app.hasRoute({ method: "POST", url })) return undefined;
  if (url !== path)
    return {
      status: 404,
      message: `The path is ${url}, in small letters and without a slash at the end.`,
      action: `Set the hook's URL to …${url}.`,
    };
  if (request.headers.upgrade !== undefined)
    return {
      status: 405,
      message: "This hook is called by HTTP, not by WebSocket.",
      action: "Set a URL with https:// in jambonz, not wss://.",
    };
  return {
    status: 405,
    message: `This hook is called by POST, not by ${request.method}.`,
    action: "Set the hook's method to POST in jambonz.",
  };
}

function pathOf(request: FastifyRequest): string {
  return request.url.split("?")[0] ?? "";
}

function send(reply: FastifyReply, { status, message, action }: Reason): FastifyReply {
  return reply.code(status).send({ error: { code: "ROUTE_UNKNOWN", message, action } });
}
