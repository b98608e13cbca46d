import type { Logger } from "@trunkline/shared";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import { pulseRoute } from "./agents/pulse-route.ts";
import { CallFeed } from "./calls/call-feed.ts";
import { CallService } from "./calls/call-service.ts";
import { Drain } from "./calls/drain.ts";
import { Janitor } from "./calls/janitor.ts";
import { StandbyRooms } from "./calls/standby-rooms.ts";
import type { Config } from "./config.ts";
import { EventSender } from "./events/event-sender.ts";
import { allFlows } from "./flows/choose.ts";
import { errorBody, registerHooks } from "./jambonz/hooks.ts";
import { LiveCallControl } from "./jambonz/live-call-control.ts";
import type { CallRooms } from "./livekit/client.ts";
import { Metrics } from "./metrics.ts";
import { agentLegRoute } from "./routes/agent-leg.ts";
import { callRoute } from "./routes/call.ts";
import { callsRoute } from "./routes/calls.ts";
import { callsEventsRoute } from "./routes/calls-events.ts";
import { dialDoneRoutes } from "./routes/dial-done.ts";
import { healthRoute } from "./routes/health.ts";
import { livekitEventsRoute } from "./routes/livekit-events.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { newCallRoute } from "./routes/new-call.ts";
import { notFoundRoute } from "./routes/not-found.ts";
import { openApiRoute } from "./routes/openapi.ts";
import { pageRoutes } from "./routes/page.ts";
import { queueLeftRoute } from "./routes/queue-left.ts";
import { readyRoute } from "./routes/ready.ts";
import { referRoute } from "./routes/refer.ts";
import { rescueRoute } from "./routes/rescue.ts";
import { simpleRoute } from "./routes/simple.ts";
import { speechRoute } from "./routes/speech.ts";
import { spokenRoute } from "./routes/spoken.ts";
import { statusRoute } from "./routes/status.ts";
import { waitRoute } from "./routes/wait.ts";
import { affordableConnections, limitConnections } from "./security/connections.ts";
import { closeGate } from "./security/gate.ts";
import { addSecurityHeaders } from "./security/headers.ts";
import { RequestLimits } from "./security/rate-limit.ts";
import type { CallStore } from "./store/call-store.ts";
import { observed } from "./store/observed-store.ts";
import { AgentPulses } from "./watch/agent-pulses.ts";
import { Holders } from "./watch/holders.ts";
import { WatchKeeper } from "./watch/watch-keeper.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** Before closing: not ready any more, and callers in queues get music for the time of a restart; at the latest after `limitMs`. */
    drain(limitMs: number): Promise<void>;
  }
}

/** Above the idle limit of any router in front (Heroku: 90 s), so that no request meets a connection being closed. */
const KEEP_ALIVE_MS = 95_000;
/** Nothing has gone either way for so long, once or twice over (Node): the answer is not read. The live page's stream says something every 15 s. */
const STANDSTILL_MS = 20_000;
/** A webhook of jambonz comes in one piece. Answers may take as long as they like: streams are open for hours. */
const HEADERS_LIMIT_MS = 5_000;
const REQUEST_LIMIT_MS = 10_000;
/** How often Node looks for requests that take too long. */
const LOOK_FOR_SLOW_MS = 1_000;
/** Of everything but the hooks, which have their own. */
const BODY_LIMIT_BYTES = 64 * 1_024;

export interface ServerParts {
  config: Omit<Config, "endedCallsKept" | "host" | "port" | "redis" | "stack">;
  store: CallStore;
  rooms: CallRooms;
  log: Logger;
  /** Where the live page's files are; without it there is none. */
  pageFolder?: string;
}

type RunningParts = ServerParts & {
  readonly holders: Holders;
  readonly pulses: AgentPulses;
  readonly drain: Drain;
  readonly standby: StandbyRooms;
  readonly limits: RequestLimits;
  readonly events: EventSender | undefined;
};

/** The whole service without a port: `inject` talks to it, `listen` opens it. Closing it ends the watches, streams and the store too. */
export function buildServer(parts: ServerParts): FastifyInstance {
  const { config, rooms, log } = parts;
  const app = fastify(log, config.proxyHops);
  const pulses: AgentPulses = new AgentPulses(parts.store, (callIds) => calls.suspect(callIds));
  const standby = new StandbyRooms({
    rooms,
    count: config.standbyRooms,
    isTold: (callId) => pulses.isTold(callId),
    log,
  });
  const metrics = new Metrics(parts.store, standby, rooms.requests, pulses);
  const settings = config.callEvents;
  const events = settings && new EventSender({ store: parts.store, settings, log, count: metrics.onCallEvent });
  const store = observed(parts.store, (record, entries) => {
    metrics.onNews(record, entries);
    if (record.state.phase === "ended") events?.poke();
  });
  const holders = new Holders(store);
  const flows = allFlows(rooms, config);
  const control = config.liveCalls && new LiveCallControl(config.liveCalls);
  const calls = new CallService({ store, rooms, holders, pulses, flows, control, settings: config, standby, log });
  const drain = new Drain();
  const limits = new RequestLimits(config.requestsPerSecond);
  const running = { ...parts, store, drain, standby, limits, holders, pulses, events };
  app.decorate("drain", (limitMs: number) => drain.finish(limitMs));
  metrics.watch(app);
  closeGate(app, { proxyHops: config.proxyHops, limits, isVerified: config.webhookSecrets.length > 0 });
  limits.apply(app);
  limitConnections(app.server, { perSource: config.connectionsPerSource, total: affordableConnections() });
  addSecurityHeaders(app);
  hookRoutes(app, calls, drain, limits, config);
  watchRoutes(app, calls, running);
  metricsRoute(app, metrics, config);
  keepCalls(app, calls, running);
  return app;
}

function fastify(log: Logger, proxyHops: number): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_LIMIT_MS,
    connectionTimeout: STANDSTILL_MS,
    http: { headersTimeout: HEADERS_LIMIT_MS, connectionsCheckingInterval: LOOK_FOR_SLOW_MS },
    forceCloseConnections: "idle",
    return503OnClosing: false, // a hook on a connection that is still open is answered as ever
    trustProxy: (_address: string, hop: number) => hop < proxyHops,
  });
  app.setErrorHandler<FastifyError>(answerError);
  notFoundRoute(app);
  return app;
}

/** What only jambonz may call. */
function hookRoutes(
  app: FastifyInstance,
  calls: CallService,
  drain: Drain,
  limits: RequestLimits,
  config: ServerParts["config"],
): void {
  registerHooks(app, config.webhookSecrets, limits, (scope) => {
    newCallRoute(scope, calls, drain, config);
    agentLegRoute(scope, calls);
    waitRoute(scope, calls, drain);
    queueLeftRoute(scope, calls, drain, config.calls);
    dialDoneRoutes(scope, calls, config.calls);
    referRoute(scope, calls, config.calls);
    rescueRoute(scope, calls, config.calls);
    simpleRoute(scope, config.calls);
    spokenRoute(scope, calls, config.calls);
    statusRoute(scope, calls);
  });
}

/** What people, platforms and LiveKit may call. */
function watchRoutes(app: FastifyInstance, calls: CallService, running: RunningParts): void {
  const { config, rooms, store, drain, limits, pulses, pageFolder } = running;
  let stopping = false;
  app.addHook("preClose", async () => {
    stopping = true;
  });
  callsRoute(app, store, config);
  callRoute(app, store, config);
  callsEventsRoute(app, new CallFeed(store), config);
  livekitEventsRoute(app, calls, limits, config);
  pulseRoute(app, { store, told: (word) => calls.agentTold(word), limits }, config);
  speechRoute(app, config.calls.speech);
  healthRoute(app);
  readyRoute(app, {
    store,
    rooms,
    fleet: () => pulses.fleet,
    build: config.build,
    trunkId: config.livekit.outboundTrunkId,
    unsaid: () => config.calls.speech.replaced,
    isStopping: () => stopping || drain.isOn,
  });
  openApiRoute(app, config.build);
  if (pageFolder !== undefined) pageRoutes(app, pageFolder, config);
}

/** Takes up what an earlier life has left, and leaves what is under way to the next one. */
function keepCalls(app: FastifyInstance, calls: CallService, running: RunningParts): void {
  const { config, rooms, store, standby, holders, pulses, events, log } = running;
  const end = (callId: string, reason: string) => calls.closeCall(callId, reason);
  const fallbackDials = config.calls.fallback.kind === "dial";
  const isTold = (callId: string) => pulses.isTold(callId);
  const { callLimitSeconds } = config;
  const janitor = new Janitor({ store, rooms, end, callLimitSeconds, fallbackDials, isTold, log });
  const keeper = new WatchKeeper({ store, holders, watch: (record) => calls.watch(record), log });
  app.addHook("onListen", async () => {
    janitor.start();
    keeper.start();
    pulses.start();
    standby.start();
    events?.start();
  });
  app.addHook("onClose", async () => {
    pulses.close();
    await keeper.close();
    await janitor.close();
    await standby.close();
    await calls.close();
    await events?.close();
    await store.close();
  });
}

function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status < 500) return reply.code(status).send(errorBody(error));
  request.log.error({ code: error.code, reason: error.message, path: request.routeOptions.url }, "Request failed");
  return reply
    .code(status)
    .send({ error: { code: error.code ?? "INTERNAL", message: "The service could not do this." } });
}
