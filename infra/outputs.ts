import * as pulumi from "@pulumi/pulumi";
import { version as PULUMI_VERSION } from "@pulumi/pulumi/version.js";
import { type AgentLegs, hasJambonz, type PhoneCalls, webhookSecrets } from "./jambonz.ts";
import { answeredNumbers, knowsUserNames } from "./jambonz-carriers.ts";
import { digestUser, livekitCarrierName } from "./jambonz-names.ts";
import type { LiveKit } from "./livekit.ts";
import type { Settings } from "./settings.ts";
import { agentVariables, nameVariable } from "./settings-agent.ts";
import { callVariables } from "./settings-calls.ts";
import { usesDial } from "./settings-livekit.ts";
import { speechVariablesOf } from "./settings-speech.ts";

/** The environment of each service, by variable name. */
export interface Services {
  middleware: Record<string, string>;
  agent: Record<string, string>;
}

type Variables = Record<string, pulumi.Input<string>>;

/** By service and variable name. */
export type ServiceVariables = Record<keyof Services, Variables>;

/** What is declared in Jambonz. */
export interface JambonzSupport {
  /** The server of the REST API. */
  api: string;
  /** What answers phone calls, with its retries. */
  webhook: string;
  /** By role. */
  sids: Record<"callsApplication" | "agentLegApplication" | "phoneCarrier" | "livekitCarrier", string>;
}

/** What a support ticket needs, nothing secret. */
export interface Support {
  stack: string;
  outboundTrunkId: string;
  /** In the flow `dial`. */
  sipInboundTrunkId?: string;
  dispatchRuleId?: string;
  /** The LiveKit project. */
  livekitHost: string;
  /** Of the apps that are deployed. LiveKit's own region is its project's: no API shows it. */
  region?: string;
  /** Where LiveKit sends its INVITEs. */
  sipHost: string;
  callFlow: string;
  approach: string;
  pattern: string;
  versions: Record<string, string>;
}

const APPROACH = {
  callback: "API-based: room and agent first, then LiveKit calls the SBC (CreateSIPParticipant)",
  dial: "API-based: room and agent first, then the SBC dials LiveKit",
} as const;

const PATTERN = { callback: "sip:call-<id>@<SBC>", dial: "sip:call-<id>@<LiveKit project>" } as const;

/** The configuration with which middleware and agent are started. Secret as a whole. */
export function serviceConfiguration(variables: ServiceVariables): pulumi.Output<Services> {
  return pulumi.secret(pulumi.output(variables));
}

/** The same, one by one: in a preview only those are unknown that come from what is not made yet. */
export function serviceVariables(
  settings: Settings,
  { stackId, outboundTrunk }: LiveKit,
  { madeSecrets, middlewareUrl }: { madeSecrets: pulumi.Output<string>[]; middlewareUrl: pulumi.Input<string> },
): ServiceVariables {
  const both = {
    LIVEKIT_URL: settings.livekitUrl,
    LIVEKIT_API_KEY: settings.livekitApiKey,
    LIVEKIT_API_SECRET: settings.livekitApiSecret,
    TRUNKLINE_STACK_ID: stackId,
  };
  const accepted = webhookSecrets(settings, madeSecrets);
  return {
    middleware: { ...both, ...middlewareVariables(settings, accepted, outboundTrunk.sipTrunkId) },
    agent: {
      ...both,
      ...(middlewareUrl !== "" && { MIDDLEWARE_URL: middlewareUrl }),
      ...agentVariables(settings.agent),
      ...transferVariables(settings),
      ...countryVariable(settings),
    },
  };
}

/** The agent may transfer to whatever the middleware dials. */
function transferVariables({ allowedTargets }: Settings): Record<string, string> {
  return allowedTargets.length === 0 ? {} : { TRANSFER_TARGETS: allowedTargets.join(",") };
}

/** How both services read numbers without a country code. */
function countryVariable({ country }: Settings): Record<string, string> {
  return country === undefined ? {} : { TRUNKLINE_COUNTRY: country };
}

function middlewareVariables(
  settings: Settings,
  accepted: pulumi.Input<string>,
  trunkId: pulumi.Input<string>,
): Variables {
  return {
    LIVEKIT_OUTBOUND_TRUNK_ID: trunkId,
    JAMBONZ_WEBHOOK_SECRETS: accepted,
    ...(hasJambonz(settings) && {
      LIVEKIT_CARRIER: livekitCarrierName(settings),
      LIVEKIT_SIP_HOST: settings.jambonz.livekitSipHost,
      ...dialCredentials(settings),
      ...liveCallControl(settings),
      CALLED_NUMBERS: JSON.stringify(answeredNumbers(settings)),
      UNKNOWN_NUMBERS: settings.jambonz.unknownNumbers ?? (knowsUserNames(settings) ? "fallback" : "agent"),
    }),
    CALL_FLOW: settings.callFlow,
    CALL_FLOWS: JSON.stringify(settings.callFlows),
    ANNOUNCEMENT: settings.announcement,
    CARRIER_HEADERS: settings.carrierHeaders.join(","),
    CALLER_IDS: JSON.stringify(callerIds(settings)),
    CALL_LIMIT_SECONDS: String(settings.callLimitSeconds),
    MEDIA_TIMEOUT_SECONDS: String(settings.media.timeoutSeconds),
    ...callVariables(settings),
    ...speechVariablesOf(settings, settings.jambonz?.applications.calls.synthesis?.vendor !== undefined),
    ...nameVariable(settings.agent),
    ...countryVariable(settings),
    TRUNKLINE_STACK: settings.stack,
  };
}

/**
 * In the flow `dial` Jambonz calls LiveKit's address itself. Not with encrypted media: for that only a carrier can be told on every
 * version of Jambonz (`srtpEncryption` of `dial` is there since feature-server 0.9.8).
 */
function dialCredentials(settings: Settings): Variables {
  const { sipPassword, sipTransport, mediaEncryption } = settings;
  if (!usesDial(settings) || mediaEncryption === "require") return {};
  return {
    LIVEKIT_SIP_USERNAME: digestUser(settings),
    LIVEKIT_SIP_PASSWORD: sipPassword,
    LIVEKIT_SIP_TRANSPORT: sipTransport === "auto" ? "tcp" : sipTransport,
  };
}

/** A caller whose agent is out of reach is moved on by the middleware; without a key of its own it is not. */
function liveCallControl({ jambonz, jambonzCallKey }: Settings): Variables {
  if (jambonz === undefined || jambonzCallKey === undefined) return {};
  return { JAMBONZ_API_URL: jambonz.url, JAMBONZ_API_KEY: jambonzCallKey };
}

/** What a number called on a caller's behalf sees: the carrier's own declared number, else the first presented one. */
function callerIds({ presentedNumbers, jambonz }: Settings): Record<string, string> {
  const carriers = jambonz === undefined ? [] : [jambonz.phoneCarrier, ...Object.values(jambonz.phoneCarriers)];
  const own = carriers.flatMap(({ name, callerId }) => (name && callerId ? [[name, callerId] as const] : []));
  return { "*": presentedNumbers[0] ?? "", ...Object.fromEntries(own) };
}

export function supportInformation(settings: Settings, { outboundTrunk, dialEntry }: LiveKit): pulumi.Output<Support> {
  const inbound = dialEntry && { trunkId: dialEntry.trunk.sipTrunkId, ruleId: dialEntry.rule.sipDispatchRuleId };
  return pulumi.all([outboundTrunk.sipTrunkId, pulumi.output(inbound)]).apply(
    ([outboundTrunkId, dial]): Support => ({
      stack: settings.stack,
      outboundTrunkId,
      ...(dial && { sipInboundTrunkId: dial.trunkId, dispatchRuleId: dial.ruleId }),
      livekitHost: new URL(settings.livekitUrl).host,
      ...(settings.heroku && { region: settings.heroku.region }),
      sipHost: settings.sbcAddress,
      callFlow: settings.callFlow,
      approach: APPROACH[settings.callFlow],
      pattern: PATTERN[settings.callFlow],
      versions: { node: process.versions.node, pulumi: PULUMI_VERSION },
    }),
  );
}

/** Nothing secret: the webhook's URL has no credentials in it. */
export function jambonzInformation(
  api: string,
  { application, carrier }: PhoneCalls,
  legs: AgentLegs,
): pulumi.Output<JambonzSupport> {
  return pulumi
    .all([application.callHook, application.sid, legs.application.sid, carrier.sid, legs.carrier.sid])
    .apply(([hook, callsApplication, agentLegApplication, phoneCarrier, livekitCarrier]) => ({
      api,
      webhook: hook.url,
      sids: { callsApplication, agentLegApplication, phoneCarrier, livekitCarrier },
    }));
}
