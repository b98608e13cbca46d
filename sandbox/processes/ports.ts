import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/**
 * Where ports are taken from: below the range from which Linux gives out source ports of outgoing connections
 * (32768 on), so that a port which was chosen now is still free when its server starts, or starts again.
 */
const LOWEST = 24_000;
const HIGHEST = 29_999;
const TRIES = 1_000;

/** A port on 127.0.0.1 on which nobody listens now, neither over TCP nor over UDP. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port as number;
}

/** Several different free ports, chosen at random: starts beside each other do not meet. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count && tries < TRIES; tries++) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  if (ports.size < count) throw new Error(`no ${count} free ports from ${LOWEST} to ${HIGHEST}`);
  return [...ports];
}

/** Whether a port on 127.0.0.1 can be listened on, over TCP and UDP. */
export async function isFree(port: number): Promise<boolean> {
  try {
    const server = await listen(port);
    await new Promise((done) => server.close(done));
    await bindUdp(port);
    return true;
  } catch {
    return false;
  }
}

function bindUdp(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    socket.once("error", reject);
    socket.bind(port, "127.0.0.1", () => socket.close(() => resolve()));
  });
}

function listen(port: number): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
