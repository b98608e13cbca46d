import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/**
 * What a path does to everything that goes over it: passes it on, passes it on so much later in each direction, swallows
 * it without a word (connections are accepted, and stay), or breaks every connection.
 */
export type PathState = "open" | { delayMs: number } | "black hole" | "reset";

/** A TCP path on 127.0.0.1 that can be made bad while it is used: connections that exist feel it too. */
export class TcpProxy {
  readonly port: number;
  readonly #target: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #state: PathState = "open";

  private constructor(server: Server, port: number, target: number) {
    this.#server = server;
    this.port = port;
    this.#target = target;
    server.on("connection", (socket) => this.#join(socket));
  }

  /** @param target the port on 127.0.0.1 that it leads to; nobody has to listen there yet */
  static async start(port: number, target: number): Promise<TcpProxy> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    return new TcpProxy(server, port, target);
  }

  /** From now on. What a black hole has swallowed is gone: whoever sent it learns of it by a reset when the path opens again. */
  become(state: PathState): void {
    const wasLost = this.#state === "black hole";
    this.#state = state;
    if (state === "reset" || wasLost) for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket): void {
    if (this.#state === "reset") {
      near.on("error", () => undefined);
      near.resetAndDestroy();
      return;
    }
    const far = connect({ host: "127.0.0.1", port: this.#target });
    this.#carry(near, far);
    this.#carry(far, near);
  }

  #carry(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    let turn = Promise.resolve();
    from.on("data", (data) => {
      turn = turn.then(() => this.#passOn(data, to));
    });
    from.on("error", () => to.destroy());
    from.on("close", () => {
      this.#sockets.delete(from);
      void turn.then(() => to.destroy());
    });
  }

  async #passOn(data: Buffer, to: Socket): Promise<void> {
    if (typeof this.#state === "object") await pause(this.#state.delayMs);
    if (this.#state !== "black hole" && to.writable) to.write(data);
  }
}
