import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** One HTTP request. `path` goes on the request line as it is, fragment included. */
export interface HttpRequest {
  origin: string;
  path: string;
  method: "GET" | "POST";
  headers: Record<string, string>;
  body: string;
  /** To the response's headers, ms. */
  timeoutMs: number;
}

export interface HttpAnswer {
  status: number;
  contentType: string;
  body: string;
}

function timeoutError(ms: number): Error {
  return Object.assign(new Error("Headers Timeout Error"), { code: "UND_ERR_HEADERS_TIMEOUT", ms });
}

async function readAll(response: IncomingMessage): Promise<HttpAnswer> {
  response.setEncoding("utf8");
  let body = "";
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode ?? 0, contentType: response.headers["content-type"] ?? "", body };
}

/**
 * Sends one request on a connection of its own; redirects are not followed (read: feature-server
 * lib/utils/http-requestor.js). Rejects with the system error.
 */
export function send(request: HttpRequest): Promise<HttpAnswer> {
  const { protocol, hostname, port } = new URL(request.origin);
  const open = protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = open({
      protocol,
      hostname,
      port,
      path: request.path,
      method: request.method,
      headers: { ...request.headers, "Content-Length": Buffer.byteLength(request.body) },
      agent: false,
    });
    const timer = setTimeout(() => outgoing.destroy(timeoutError(request.timeoutMs)), request.timeoutMs);
    outgoing.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    outgoing.once("response", (response) => {
      clearTimeout(timer);
      readAll(response).then(resolve, reject);
    });
    outgoing.end(request.body);
  });
}
