import "./stack-frames.ts";
import { declareApps, deploy, hasHeroku } from "./heroku.ts";
import { declareAgentLegs, declarePhoneCalls, declareWebhookSecret, hasJambonz, madeSecrets } from "./jambonz.ts";
import { declareCleanup, declareLiveKit } from "./livekit.ts";
import { jambonzInformation, serviceConfiguration, serviceVariables, supportInformation } from "./outputs.ts";
import { readSettings } from "./settings.ts";

const settings = readSettings();
const apps = hasHeroku(settings) ? declareApps(settings) : undefined;
const hooksUrl = apps?.middleware.url ?? settings.jambonz?.middlewareUrl ?? "";
const agentLegs = hasJambonz(settings) ? declareAgentLegs(settings, hooksUrl) : undefined;
const livekit = declareLiveKit(settings, agentLegs ? [agentLegs.carrier] : []);
const madeWebhookSecrets = hasJambonz(settings) ? madeSecrets(settings) : [];
const variables = serviceVariables(settings, livekit, { madeSecrets: madeWebhookSecrets, middlewareUrl: hooksUrl });
const ready = apps && hasHeroku(settings) ? deploy(apps, settings, livekit, variables) : [];
const phoneCalls = hasJambonz(settings)
  ? declarePhoneCalls(settings, hooksUrl, [livekit.outboundTrunk, ...ready])
  : undefined;
if (hasJambonz(settings) && agentLegs && phoneCalls)
  declareWebhookSecret(settings, madeWebhookSecrets, [agentLegs.application, phoneCalls.application], ready);
const switched = phoneCalls ? [phoneCalls.application, phoneCalls.carrier, ...phoneCalls.numbers] : [];
const cleanup = declareCleanup(settings, livekit, [...ready, ...switched]);

/** LiveKit's trunk to the SBC, `ST_…`. */
export const outboundTrunkId = livekit.outboundTrunk.sipTrunkId;
/** The trunk on which Jambonz dials LiveKit, `ST_…`, and its rule, `SDR_…`: in the flow `dial`. */
export const sipInboundTrunkId = livekit.dialEntry?.trunk.sipTrunkId;
export const ruleId = livekit.dialEntry?.rule.sipDispatchRuleId;
/** The identity of this stack: what it made in LiveKit carries it. */
export const stackId = livekit.stackId;
/** The environment of middleware and agent. Secret: `pulumi stack output services --show-secrets`. */
export const services = serviceConfiguration(variables);
/** Where the middleware answers; not there where nothing is deployed. */
export const middlewareUrl = apps?.middleware.url;
/** Opens the list of calls. Secret: `pulumi stack output callsToken --show-secrets`; not there where it is neither set nor generated. */
export const callsToken = settings.callsToken;
/** The ids of objects of earlier set-ups that this stack removed. */
export const removedLegacy = cleanup.removedIds;
/** For support tickets. Nothing secret. */
export const support = supportInformation(settings, livekit);
/** What phone calls meet in Jambonz. */
export const jambonz =
  settings.jambonz && agentLegs && phoneCalls
    ? jambonzInformation(settings.jambonz.url, phoneCalls, agentLegs)
    : undefined;
