import { type Jambonz, startJambonz } from "../jambonz/server.ts";
import type { Supervisor } from "../processes/supervisor.ts";
import type { Progress } from "../progress.ts";
import { forgetLivekitNodes } from "../servers/livekit-nodes.ts";
import { type LivekitServer, startLivekitServer } from "../servers/livekit-server.ts";
import { startLivekitSip } from "../servers/livekit-sip.ts";
import { startRedis } from "../servers/redis.ts";
import { findOrBuild } from "../toolchain/binaries.ts";
import type { EventLog } from "./event-log.ts";
import { keepAccount, openAccount } from "./seed-account.ts";
import { type StackState, stateFolder } from "./state.ts";

export interface Servers {
  livekit: LivekitServer;
  jambonz: Jambonz;
}

/** Redis (its data beside the Pulumi state: both are kept or dropped together), LiveKit's two servers, Jambonz. */
export async function startServers(
  supervisor: Supervisor,
  state: StackState,
  events: EventLog,
  progress: Progress,
): Promise<Servers> {
  const { ports } = state;
  await progress.step("redis-server", () =>
    startRedis(supervisor, { port: ports.redis, folder: stateFolder("redis") }),
  );
  await forgetLivekitNodes(ports.redis); // of a start that was killed a moment ago
  const keys = { apiKey: state.livekitApiKey, apiSecret: state.livekitApiSecret };
  const livekit = await progress.step("livekit-server", () =>
    startLivekitServer(supervisor, { redisPort: ports.redis, port: ports.livekit, ...keys }),
  );
  await progress.step("livekit-sip", () =>
    startLivekitSip(supervisor, { livekit, redisPort: ports.redis, sipPort: ports.livekitSip }),
  );
  const jambonz = await progress.step("Jambonz stand-in", () => startSbc(supervisor, state, events));
  return { livekit, jambonz };
}

async function startSbc(supervisor: Supervisor, state: StackState, events: EventLog): Promise<Jambonz> {
  const { port, key } = state.jambonzApi;
  return startJambonz(supervisor, {
    edgeBinary: await findOrBuild("sip-edge"),
    account: openAccount(state),
    sipPort: state.ports.sbc,
    rest: { port, apiKey: key, onWrite: keepAccount },
    onEvent: ({ type, at, callSid, sipCallId, ...fields }) =>
      events.add({ at, source: "jambonz", event: type, callSid, sipCallId, fields }),
  });
}
