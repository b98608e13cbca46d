import { freePorts } from "../processes/ports.ts";
import type { Running, Supervisor } from "../processes/supervisor.ts";
import { type EdgeCommand, type EdgeEvent, PROTOCOL_VERSION } from "./protocol.ts";

export interface EdgeOptions {
  /** The `sip-edge` binary (toolchain: `findOrBuild("sip-edge")`). */
  binary: string;
  /** SIP port, UDP and TCP; default a free one. */
  port?: number;
  /** UDP ports for media, default 20000–23998 (two thousand legs). */
  rtpPorts?: readonly [first: number, last: number];
  /** Process and log name; default `sip-edge`. */
  name?: string;
}

export type EdgeListener = (event: EdgeEvent) => void;

/** Below the ephemeral ports, and apart from the sandbox's livekit-sip. */
const RTP_PORTS = [20_000, 23_998] as const;
const START_MS = 10_000;

/** The SIP edge as a child process: commands in, events out. */
export class EdgeClient {
  /** `127.0.0.1:PORT`, where the edge takes calls. */
  readonly address: string;
  readonly running: Running;
  readonly #listeners: Set<EdgeListener>;
  #isStopping = false;

  /** Starts the edge and returns when it listens. @throws Error when it ends first or is not ready within 10 s. */
  static async start(supervisor: Supervisor, options: EdgeOptions): Promise<EdgeClient> {
    const port = options.port ?? (await freePorts(1))[0];
    const [first, last] = options.rtpPorts ?? RTP_PORTS;
    const listeners = new Set<EdgeListener>();
    const ready = firstEvent(listeners, "ready");
    const running = await supervisor.start({
      name: options.name ?? "sip-edge",
      command: options.binary,
      args: ["-listen", `127.0.0.1:${port}`, "-rtp-min", String(first), "-rtp-max", String(last)],
      stdin: true,
      onLine: (line) => deliver(line, listeners),
    });
    const ended = running.exited.then((code) => {
      throw new Error(`sip-edge on port ${port} ended with ${code} before it listened: see ${running.log}`);
    });
    const late = deadline(`sip-edge on port ${port} was not ready within ${START_MS} ms: see ${running.log}`);
    try {
      const event = await Promise.race([ready, ended, late.promise]);
      if (event.protocol !== PROTOCOL_VERSION) {
        await running.stop();
        throw new Error(otherProtocol(options.binary, event.protocol));
      }
      return new EdgeClient(running, `127.0.0.1:${event.port}`, listeners);
    } finally {
      late.clear();
      ended.catch(() => undefined);
    }
  }

  private constructor(running: Running, address: string, listeners: Set<EdgeListener>) {
    this.running = running;
    this.address = address;
    this.#listeners = listeners;
  }

  /**
   * Sends a command. What cannot be done comes back as an `error` event; what the edge does not understand ends it (`onDeath`). A command to an
   * edge that is gone is lost.
   */
  send(command: EdgeCommand): void {
    this.running.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  /** Listens to every event, in order; returns how to stop. */
  on(listener: EdgeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Told when the edge ends by itself, with what to look at; not after `stop`. */
  onDeath(listener: (reason: string) => void): void {
    void this.running.exited.then((code) => {
      if (!this.#isStopping) listener(`sip-edge on ${this.address} ended with ${code}: see ${this.running.log}`);
    });
  }

  /** Hangs up what is live (best effort) and ends the process. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.running.stdin?.end();
    await Promise.race([this.running.exited, deadlineReached(2_000)]);
    await this.running.stop();
  }
}

function otherProtocol(binary: string, found = 1): string {
  return `${binary} speaks version ${found} of the edge's protocol, this stand-in version ${PROTOCOL_VERSION}: remove the binary, and it is built anew`;
}

function deliver(line: string, listeners: Set<EdgeListener>): void {
  const event = parseEvent(line);
  if (!event) return;
  for (const listener of [...listeners]) listener(event);
}

/** The edge's stderr comes line by line too: what is no event is only in the log. */
function parseEvent(line: string): EdgeEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as EdgeEvent;
  } catch {
    return undefined;
  }
}

function firstEvent<Name extends EdgeEvent["event"]>(
  listeners: Set<EdgeListener>,
  name: Name,
): Promise<Extract<EdgeEvent, { event: Name }>> {
  return new Promise((resolve) => {
    const listener: EdgeListener = (event) => {
      if (event.event !== name) return;
      listeners.delete(listener);
      resolve(event as Extract<EdgeEvent, { event: Name }>);
    };
    listeners.add(listener);
  });
}

function deadline(message: string): { promise: Promise<never>; clear: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), START_MS);
  });
  return { promise, clear: () => clearTimeout(timer) };
}

function deadlineReached(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
