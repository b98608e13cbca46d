import { createHash } from "node:crypto";
import * as heroku from "@pulumi/heroku";
import * as pulumi from "@pulumi/pulumi";
import { AgentReady, AgentRestart, ServiceReady } from "@trunkline/providers";
import { type Artefact, packArtefact, type ServiceName } from "./artefact/artefact.ts";
import { type ConfigVars, HerokuService, type HerokuServiceArgs } from "./heroku-service.ts";
import type { LiveKit } from "./livekit.ts";
import type { ServiceVariables } from "./outputs.ts";
import type { Settings } from "./settings.ts";
import { AGENT_VARIABLES } from "./settings-agent.ts";
import { capacityOf, type HerokuSettings, isProtected, PRODUCTION } from "./settings-heroku.ts";
import { speechFiles } from "./settings-speech.ts";
import { unsaidVariables } from "./unsaid-variables.ts";

/** The registered name of our agent where no other is set: a dispatch names the agent by it. */
const AGENT_NAME = "my-telephony-agent";
/** Config vars that are no secrets. What is not named here is one. */
const PLAIN = new Set([
  ...AGENT_VARIABLES,
  "ALLOWED_TARGETS",
  "ANNOUNCEMENT",
  "CALLED_NUMBERS",
  "CALL_EVENTS_URL",
  "CALLER_IDS",
  "CALL_FLOW",
  "CALL_FLOWS",
  "CALL_LIMIT_SECONDS",
  "CARRIER_HEADERS",
  "FALLBACK",
  "FALLBACK_TEXT",
  "JAMBONZ_API_URL",
  "LIVEKIT_CARRIER",
  "LIVEKIT_OUTBOUND_TRUNK_ID",
  "LIVEKIT_SIP_HOST",
  "LIVEKIT_SIP_TRANSPORT",
  "LIVEKIT_SIP_USERNAME",
  "LIVEKIT_URL",
  "MAX_CONCURRENT_CALLS",
  "MEDIA_TIMEOUT_SECONDS",
  "MIDDLEWARE_URL",
  "SPEECH",
  "STANDBY_ROOMS",
  "TRANSFER_TARGETS",
  "TRUNKLINE_COUNTRY",
  "TRUNKLINE_STACK",
  "TRUNKLINE_STACK_ID",
  "UNANSWERED_APOLOGY",
  "UNKNOWN_NUMBERS",
]);

/** The two apps, before anything is deployed into them. */
export interface Apps {
  middleware: HerokuService;
  /** Not there where another LiveKit agent answers. */
  agent: HerokuService | undefined;
}

/** One app, by what both have in common. */
type AppSettings = NonNullable<HerokuSettings["agent"]>;

/** The stack's settings, and what they say of a deployment. */
type Deploying = Settings & { heroku: HerokuSettings };

export function hasHeroku(settings: Settings): settings is Deploying {
  return settings.heroku !== undefined;
}

/** The apps: for the middleware, which answers Jambonz, and for the agent, if it is ours. Credentials: HEROKU_API_KEY. */
export function declareApps(settings: Deploying): Apps {
  // Without these the state would hold every config var of the apps, in plain text.
  const customizations = [{ setAppAllConfigVarsInState: false, setAddonConfigVarsInState: false }];
  // The engine (3.250.0) swaps the package's version in its state for the bridge's at the second update: no change of ours.
  const provider = new heroku.Provider("heroku", { customizations }, { ignoreChanges: ["version"] });
  const options = { providers: [provider] };
  const { middleware, agent } = settings.heroku;
  const { domain } = middleware;
  return {
    middleware: new HerokuService("middleware", { ...appArgs(settings, middleware), domain }, options),
    agent: agent && new HerokuService("agent", appArgs(settings, agent), options),
  };
}

/**
 * Deploys both. Returns what is there when both run what was declared: whatever sends callers there, and whatever takes the
 * old way away, depends on it.
 */
export function deploy(
  apps: Apps,
  settings: Deploying,
  { outboundTrunk }: LiveKit,
  services: ServiceVariables,
): pulumi.Resource[] {
  const { agent } = settings.heroku;
  return [
    deployMiddleware(apps.middleware, settings, outboundTrunk.sipTrunkId, services),
    ...(apps.agent && agent ? [deployAgent(apps.agent, agent, settings, services)] : []),
  ];
}

/** Its size is in each preview: a file that should not be in it shows. */
function packed(service: ServiceName, more: { module?: string | undefined; files?: readonly string[] }): Artefact {
  const artefact = packArtefact(service, more);
  void pulumi.log.info(`${service}: build ${artefact.buildHash}, ${Math.ceil(artefact.bytes / 1_024)} KiB to upload`);
  return artefact;
}

function deployMiddleware(
  service: HerokuService,
  settings: Deploying,
  trunkId: pulumi.Output<string>,
  services: ServiceVariables,
): ServiceReady {
  const artefact = packed("middleware", { files: speechFiles(settings) });
  const { name, size, quantity, preboot } = settings.heroku.middleware;
  const secrets = settings.callsToken === undefined ? {} : { CALLS_TOKEN: settings.callsToken };
  const running = service.deploy({
    processType: "web",
    size,
    quantity,
    preboot,
    artefact,
    configVars: configVars(settings, services, "middleware", secrets),
  });
  const { buildHash } = artefact;
  const limitSeconds = settings.heroku.readyLimitSeconds;
  const wanted = { url: service.url, buildHash, trunkId, app: name, limitSeconds };
  return new ServiceReady("middleware", wanted, { dependsOn: running });
}

function deployAgent(
  service: HerokuService,
  agent: AppSettings,
  settings: Deploying,
  services: ServiceVariables,
): AgentReady {
  const artefact = packed("agent", { module: settings.agent.module });
  const { buildHash } = artefact;
  const { deployDuringCalls, readyLimitSeconds: limitSeconds } = settings.heroku;
  const { name: app, size, quantity } = agent;
  const vars = configVars(settings, services, "agent", {});
  const host = settings.livekitUrl;
  const restart = new AgentRestart("agent", {
    host,
    agentName: AGENT_NAME,
    // As the middleware reads it: the mark of its rooms.
    stackId: services.middleware.TRUNKLINE_STACK_ID ?? settings.stack,
    buildHash,
    configuration: digest([{ plain: vars.plain, secret: vars.secret }, size, quantity]),
    duringCalls: deployDuringCalls || settings.stack !== PRODUCTION,
  });
  const after = [restart];
  const running = service.deploy({ processType: "worker", size, quantity, artefact, configVars: vars, after });
  const { agentName = AGENT_NAME } = settings.agent;
  return new AgentReady("agent", { host, agentName, buildHash, app, limitSeconds }, { dependsOn: running });
}

function appArgs(settings: Deploying, app: AppSettings): HerokuServiceArgs {
  const { name, existing, hasProcess, addons, keeps } = app;
  const { team, region, stack } = settings.heroku;
  const protect = isProtected(settings.stack, settings.heroku);
  return { name, existing, hasProcess, keeps, addons, team, region, stack, protect, drain: settings.herokuDrain };
}

/** What the service is told, parted into what may be seen and what may not. */
function configVars(
  settings: Deploying,
  services: ServiceVariables,
  service: keyof ServiceVariables,
  more: Record<string, pulumi.Output<string>>,
): ConfigVars {
  const own = (wanted: boolean) =>
    Object.fromEntries(Object.entries(services[service]).filter(([name]) => PLAIN.has(name) === wanted));
  const { size, variables } = settings.heroku[service] ?? { size: "", variables: {} };
  const { module, conversation = "echo" } = settings.agent;
  const capacity = service === "agent" ? capacityOf(size, module === undefined ? conversation : "pipeline") : {};
  const plain = { ...own(true), ...capacity, ...variables };
  const given = settings.serviceSecrets.apply((secrets) => secrets[service]);
  return {
    plain,
    secret: pulumi.output(given).apply((secrets) => ({ ...own(false), ...secrets, ...more })),
    unsaid: unsaidVariables(Object.keys(plain), settings.said).filter((name) => !Object.hasOwn(variables, name)),
  };
}

function digest(value: pulumi.Input<unknown>): pulumi.Output<string> {
  return pulumi.jsonStringify(value).apply((text) => createHash("sha256").update(text).digest("hex"));
}
