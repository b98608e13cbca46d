import type { Account } from "./account.ts";
import type { Report } from "./events.ts";
import { type Exchange, IncomingCall } from "./incoming-call.ts";
import { type Edge, Legs } from "./leg.ts";
import { LiveCalls } from "./live-calls.ts";
import type { EdgeEvent } from "./protocol.ts";
import { Queues } from "./queues.ts";

export interface FeatureServerOptions {
  edge: Edge;
  account: Account;
  /** Told of every call, so that live call control reaches it. */
  liveCalls?: LiveCalls;
  localSipAddress: string;
  onEvent?: Report;
  /** Default 10 s. */
  hookTimeoutMs?: number;
}

/** The calls of one edge; everything but sockets. */
export class FeatureServer {
  readonly #exchange: Exchange;

  constructor(options: FeatureServerOptions) {
    this.#exchange = {
      account: options.account,
      legs: new Legs(options.edge),
      queues: new Queues(),
      liveCalls: options.liveCalls ?? new LiveCalls(),
      report: options.onEvent ?? (() => {}),
      localSipAddress: options.localSipAddress,
      ...(options.hookTimeoutMs !== undefined && { hookTimeoutMs: options.hookTimeoutMs }),
    };
  }

  /** Legs that exist now. */
  get legs(): number {
    return this.#exchange.legs.size;
  }

  /** The edge has ended by itself: so has every call. */
  edgeIsGone(): void {
    this.#exchange.legs.endAll();
  }

  /** Takes in one event of the edge. */
  handle(event: EdgeEvent): void {
    if (event.event === "invite") void new IncomingCall(this.#exchange, event).run();
    else this.#exchange.legs.handle(event);
  }
}
