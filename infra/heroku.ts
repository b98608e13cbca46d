import { createHash } from "node:crypto";
import * as heroku from "@pulumi/heroku";
import * as pulumi from "@pulumi/pulumi";
import { AgentReady, AgentRestart, ServiceReady } from "@trunkline/providers";
import { packArtefact } from "./artefact/artefact.ts";
import { type ConfigVars, HerokuService, type HerokuServiceArgs } from "./heroku-service.ts";
import type { LiveKit } from "./livekit.ts";
import type { Services } from "./outputs.ts";
import type { Settings } from "./settings.ts";
import { capacityOf, type HerokuSettings, isProtected, PRODUCTION } from "./settings-heroku.ts";

/** The agent's registered name: a dispatch names the agent by it. */
const AGENT_NAME = "my-telephony-agent";
/** Config vars that are no secrets. What is not named here is one. */
const PLAIN = new Set([
  "AGENT_CONVERSATION",
  "ALLOWED_TARGETS",
  "ANNOUNCEMENT",
  "CALLER_IDS",
  "CALL_FLOW",
  "CALL_FLOWS",
  "CALL_LIMIT_SECONDS",
  "CARRIER_HEADERS",
  "FALLBACK",
  "FALLBACK_TEXT",
  "LIVEKIT_CARRIER",
  "LIVEKIT_OUTBOUND_TRUNK_ID",
  "LIVEKIT_SIP_HOST",
  "LIVEKIT_URL",
  "MAX_CONCURRENT_CALLS",
  "STANDBY_ROOMS",
  "TRANSFER_TARGETS",
  "TRUNKLINE_COUNTRY",
  "TRUNKLINE_STACK",
  "TRUNKLINE_STACK_ID",
]);

/** The two apps, before anything is deployed into them. */
export interface Apps {
  middleware: HerokuService;
  agent: HerokuService;
}

/** The stack's settings, and what they say of a deployment. */
type Deploying = Settings & { heroku: HerokuSettings };

export function hasHeroku(settings: Settings): settings is Deploying {
  return settings.heroku !== undefined;
}

/** The apps: for the middleware, which answers Jambonz, and for the agent. Credentials: HEROKU_API_KEY. */
export function declareApps(settings: Deploying): Apps {
  // Without these the state would hold every config var of the apps, in plain text.
  const customizations = [{ setAppAllConfigVarsInState: false, setAddonConfigVarsInState: false }];
  // The engine (3.250.0) swaps the package's version in its state for the bridge's at the second update: no change of ours.
  const provider = new heroku.Provider("heroku", { customizations }, { ignoreChanges: ["version"] });
  const options = { providers: [provider] };
  const { domain } = settings.heroku.middleware;
  return {
    middleware: new HerokuService("middleware", { ...appArgs(settings, "middleware"), domain }, options),
    agent: new HerokuService("agent", appArgs(settings, "agent"), options),
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
  services: pulumi.Output<Services>,
): pulumi.Resource[] {
  return [
    deployMiddleware(apps.middleware, settings, outboundTrunk.sipTrunkId, services),
    deployAgent(apps.agent, settings, services),
  ];
}

function deployMiddleware(
  service: HerokuService,
  settings: Deploying,
  trunkId: pulumi.Output<string>,
  services: pulumi.Output<Services>,
): ServiceReady {
  const artefact = packArtefact("middleware");
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

function deployAgent(service: HerokuService, settings: Deploying, services: pulumi.Output<Services>): AgentReady {
  const artefact = packArtefact("agent");
  const { buildHash } = artefact;
  const { agent, deployDuringCalls, readyLimitSeconds: limitSeconds } = settings.heroku;
  const { name: app, size, quantity } = agent;
  const vars = configVars(settings, services, "agent", {});
  const host = settings.livekitUrl;
  const restart = new AgentRestart("agent", {
    host,
    buildHash,
    configuration: digest([vars, size, quantity]),
    duringCalls: deployDuringCalls || settings.stack !== PRODUCTION,
  });
  const after = [restart];
  const running = service.deploy({ processType: "worker", size, quantity, artefact, configVars: vars, after });
  return new AgentReady("agent", { host, agentName: AGENT_NAME, buildHash, app, limitSeconds }, { dependsOn: running });
}

function appArgs(settings: Deploying, service: keyof Services): HerokuServiceArgs {
  const { name, existing, hasProcess, addons } = settings.heroku[service];
  const { team, region, stack } = settings.heroku;
  const protect = isProtected(settings.stack, settings.heroku);
  return { name, existing, hasProcess, addons, team, region, stack, protect, drain: settings.herokuDrain };
}

/** What the service is told, parted into what may be seen and what may not. */
function configVars(
  settings: Deploying,
  services: pulumi.Output<Services>,
  service: keyof Services,
  more: Record<string, pulumi.Output<string>>,
): ConfigVars {
  const own = (wanted: boolean) => (all: Services) =>
    Object.fromEntries(Object.entries(all[service]).filter(([name]) => PLAIN.has(name) === wanted));
  const capacity = service === "agent" ? capacityOf(settings.heroku.agent.size) : {};
  const plain = pulumi.unsecret(services).apply(own(true));
  const secret = pulumi.all([services.apply(own(false)), settings.serviceSecrets, pulumi.output(more)]);
  return {
    plain: plain.apply((vars) => ({ ...vars, ...capacity, ...settings.heroku[service].variables })),
    secret: secret.apply(([vars, given, others]) => ({ ...vars, ...given[service], ...others })),
  };
}

function digest(value: pulumi.Input<unknown>): pulumi.Output<string> {
  return pulumi.jsonStringify(value).apply((text) => createHash("sha256").update(text).digest("hex"));
}
