/**
 * Preloaded into the agent's processes (`node --import`): an echo whose calls fail as the last digits of their callers' numbers say, in
 * the ways that libraries have failed or could. All others are healthy.
 */
import { connect, createServer, type Server } from "node:net";
import { initializeLogger } from "@livekit/agents";
import { realtime } from "@livekit/agents-plugin-openai";
import { RoomEvent } from "@livekit/rtc-node";
import type { LiveCall } from "../../service/agent/conversations/conversation.ts";
import { Echo } from "../../service/agent/conversations/echo.ts";
import type { CallContext } from "../../service/shared/index.ts";
import { FAULTS, type Fault } from "./faults-of-a-call.ts";

initializeLogger({ pretty: false, level: "silent" });
const never = new Promise<never>(() => undefined);

/** What goes wrong while the agent gets ready. */
const AT_START: Partial<Record<Fault, () => Promise<unknown>>> = {
  "the model's port is closed": async () => realtimeSession(await closedPort()),
  "the model's server never answers": async () => realtimeSession(await portOf(createServer(() => undefined))),
  "the model's server refuses the key": async () => realtimeSession(await portOf(refusing())),
  "a socket without a listener": async () => void connect(await closedPort(), "127.0.0.1"),
  "a promise without an owner": async () => void Promise.reject(new Error("nobody waits for this")),
  "the process dies at the start": async () => process.exit(1),
};

/** What goes wrong once the caller can be talked to. */
const IN_TALK: Partial<Record<Fault, (live: LiveCall) => void>> = {
  "a timer throws": () => void setTimeout(() => fail(), 300),
  "a listener throws": ({ room }) => void room.on(RoomEvent.ParticipantAttributesChanged, fail),
  "the process dies in the conversation": () => void setTimeout(() => process.exit(1), 300),
};

const { prepare, talk, close } = Echo.prototype;
const faults = new WeakMap<Echo, Fault | undefined>();

Echo.prototype.prepare = async function (room, call?: CallContext): Promise<void> {
  const fault = FAULTS[Number(call?.caller.slice(-2)) - 1];
  faults.set(this, fault);
  const start = fault && AT_START[fault];
  if (start) {
    await start();
    await never; // as a session whose model does not come
  }
  await prepare.call(this, room);
};

Echo.prototype.talk = function (live): Promise<void> {
  const fault = faults.get(this);
  if (fault) IN_TALK[fault]?.(live);
  return fault === "the conversation forgets the end" ? never : talk.call(this, live);
};

Echo.prototype.close = function (): Promise<void> {
  return faults.get(this) === "the conversation forgets the end" ? never : close.call(this);
};

function fail(): never {
  throw new Error("a library's own fault");
}

function realtimeSession(port: number): unknown {
  const connOptions = { maxRetry: 0, retryIntervalMs: 100, timeoutMs: 500 };
  return new realtime.RealtimeModel({ apiKey: "none", baseURL: `http://127.0.0.1:${port}`, connOptions }).session();
}

async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await portOf(server);
  await new Promise((done) => server.close(done));
  return port;
}

function refusing(): Server {
  return createServer((socket) => socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"));
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  server.unref();
  return (server.address() as { port: number }).port;
}
