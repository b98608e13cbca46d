import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { sourceOf } from "./source.ts";

export interface ConnectionLimits {
  /** Of one source; 0 = no limit, for a service behind a proxy, where all connections have its address. */
  readonly perSource: number;
  readonly total: number;
}

/** Those that are being received or answered. */
type Requests = WeakMap<Socket, IncomingMessage>;

/** File handles that are for anything but connections: Redis, LiveKit, files, pipes. */
const OTHER_HANDLES = 256;
const MOST_CONNECTIONS = 8_000;

/** How many connections this process may have by the system's limit of open files. */
export function affordableConnections(): number {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  const soft = Number(report.userLimits?.open_files?.soft);
  return Number.isFinite(soft)
    ? Math.max(OTHER_HANDLES, Math.min(MOST_CONNECTIONS, soft - OTHER_HANDLES))
    : MOST_CONNECTIONS;
}

/**
 * Keeps the number of connections within limits. The oldest one that has no whole request under way makes room for a new one, and not the new
 * one for those: whoever opens many and sends nothing closes their own, while a webhook from the same address gets in.
 */
export function limitConnections(server: Server, { perSource, total }: ConnectionLimits): void {
  const all = new Set<Socket>();
  const bySource = new Map<string, Set<Socket>>();
  const requests: Requests = new WeakMap();
  server.on("connection", (socket: Socket) => {
    const source = sourceOf(socket.remoteAddress ?? "");
    const same = bySource.get(source) ?? new Set<Socket>();
    bySource.set(source, same.add(socket));
    all.add(socket);
    socket.once("close", () => {
      all.delete(socket);
      same.delete(socket);
      if (same.size === 0) bySource.delete(source);
    });
    if (perSource > 0 && same.size > perSource) makeRoom(same, requests);
    if (all.size > total) makeRoom(all, requests);
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    requests.set(socket, request);
    response.once("close", () => requests.delete(socket));
  });
}

/** The newest comes last: it goes only when all others are being answered. */
function makeRoom(sockets: ReadonlySet<Socket>, requests: Requests): void {
  for (const socket of sockets) {
    // An answer that lies unread is nobody's.
    const isAnswered = requests.get(socket)?.complete === true && socket.writableLength === 0;
    if (isAnswered) continue;
    socket.destroy();
    return;
  }
}
