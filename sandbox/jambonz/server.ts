import type { Supervisor } from "../processes/supervisor.ts";
import type { Account } from "./account.ts";
import { EdgeClient } from "./edge-client.ts";
import type { JambonzEvent } from "./events.ts";
import { FeatureServer } from "./feature-server.ts";
import { LiveCalls } from "./live-calls.ts";
import { type RestOptions, startRest } from "./rest/server.ts";

export interface JambonzOptions {
  /** The `sip-edge` binary. */
  edgeBinary: string;
  /** Read at every call: its rows may be changed while the server runs. */
  account: Account;
  /** Default a free one. */
  sipPort?: number;
  onEvent?: (event: JambonzEvent) => void;
  /** The REST API over the same account. Default: there is none. */
  rest?: Omit<RestOptions, "account" | "liveCalls">;
}

export interface Jambonz {
  /** `127.0.0.1:PORT`, UDP and TCP. */
  sipAddress: string;
  account: Account;
  /** `http://127.0.0.1:PORT` of the REST API, undefined when there is none. */
  apiUrl: string | undefined;
  /** Legs that exist now; 0 when no call is on. */
  liveLegs(): number;
  /** Hangs up what is live and ends the edge. */
  stop(): Promise<void>;
}

/** Starts the Jambonz stand-in: one SIP edge, one account, its REST API. */
export async function startJambonz(supervisor: Supervisor, options: JambonzOptions): Promise<Jambonz> {
  const liveCalls = new LiveCalls();
  const rest = options.rest && (await startRest({ ...options.rest, account: options.account, liveCalls }));
  const edge = await EdgeClient.start(supervisor, {
    binary: options.edgeBinary,
    ...(options.sipPort !== undefined && { port: options.sipPort }),
  });
  const server = new FeatureServer({
    edge,
    account: options.account,
    liveCalls,
    localSipAddress: edge.address,
    ...(options.onEvent && { onEvent: options.onEvent }),
  });
  edge.on((event) => server.handle(event));
  edge.onDeath((reason) => {
    process.stderr.write(`EDGE_ENDED: ${reason}\n`);
    server.edgeIsGone();
  });
  return {
    sipAddress: edge.address,
    account: options.account,
    apiUrl: rest?.url,
    liveLegs: () => server.legs,
    async stop() {
      await Promise.all([edge.stop(), rest?.stop()]);
    },
  };
}
