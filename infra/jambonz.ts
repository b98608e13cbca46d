import * as pulumi from "@pulumi/pulumi";
import {
  JambonzApplication,
  type JambonzApplicationArgs,
  type JambonzPhoneNumber,
  JambonzSipGateway,
  JambonzVoipCarrier,
  JambonzWebhookSecret,
  jambonzAccount,
} from "@trunkline/providers";
import { declarePhoneCarrier, phoneCarriers, said } from "./jambonz-carriers.ts";
import { addressOf, common, type WithJambonz } from "./jambonz-common.ts";
import { digestUser, livekitCarrierName } from "./jambonz-names.ts";
import { requireVoices } from "./jambonz-voices.ts";
import { webhookSecretOf } from "./secrets.ts";
import type { Settings } from "./settings.ts";

/**
 * Retries of a call's first webhook, which jambonz does only when the URL says so: 5 more tries over 13.5 s, after no
 * connection and after 5xx. That outlasts a restart of the middleware; a repeated call_sid gets the same answer there.
 */
const HOOK_RETRIES = "#rc=5&rp=ct,5xx";

/** How LiveKit's legs reach the middleware: has to be there before LiveKit's trunk. */
export interface AgentLegs {
  application: JambonzApplication;
  carrier: JambonzVoipCarrier;
  gateway: JambonzSipGateway;
}

/** How phone calls reach the middleware: comes last, when it is ready for them. */
export interface PhoneCalls {
  application: JambonzApplication;
  carrier: JambonzVoipCarrier;
  numbers: JambonzPhoneNumber[];
}

export function hasJambonz(settings: Settings): settings is WithJambonz {
  return settings.jambonz !== undefined;
}

/** The secrets that the program makes: the declared one, and the one before, which calls may have begun with. */
export function madeSecrets({ jambonz }: WithJambonz): pulumi.Output<string>[] {
  const { webhookSecretGeneration: generation } = jambonz;
  return [generation, generation - 1].filter((each) => each > 0).map(webhookSecretOf);
}

/**
 * What the middleware accepts signatures of, comma separated: the account's secret, read here, the one of the stack file, and what the
 * program makes, so that both work while one takes the other's place. Without a declared account only the stack file's.
 */
export function webhookSecrets(settings: Settings, made: pulumi.Output<string>[]): pulumi.Output<string> {
  const given = settings.jambonzWebhookSecret ?? pulumi.secret("");
  if (!hasJambonz(settings)) return given;
  const live = pulumi.secret(readSecret(settings));
  const all = pulumi.all([live, given, ...made]);
  return all.apply((secrets) => [...new Set(secrets.filter((secret) => secret !== ""))].join(","));
}

/** Only when the middleware knows it: until then every webhook would be refused. */
export function declareWebhookSecret(
  settings: WithJambonz,
  [secret]: pulumi.Output<string>[],
  applications: JambonzApplication[],
  after: pulumi.Resource[],
): void {
  if (secret === undefined) return;
  const { url: host, accountSid } = settings.jambonz;
  const applicationSids = applications.map(({ sid }) => sid);
  new JambonzWebhookSecret("webhooks", { host, accountSid, secret, applicationSids }, { dependsOn: after });
}

/** What is there to be read of the account: before anything is declared, in preview, too. */
async function readSecret(settings: WithJambonz): Promise<string> {
  const { url, accountSid } = settings.jambonz;
  try {
    const { webhookSecret } = await jambonzAccount(url, accountSid);
    await requireVoices(settings);
    return webhookSecret;
  } catch (cause) {
    throw new pulumi.RunError(cause instanceof Error ? cause.message : String(cause));
  }
}

/**
 * LiveKit's legs, and jambonz' calls to LiveKit: one carrier with one pair of credentials in both directions. With
 * another generation it is another carrier; Pulumi makes it before it touches LiveKit's trunk, and removes the old one last.
 */
export function declareAgentLegs(settings: WithJambonz, middlewareUrl: pulumi.Input<string>): AgentLegs {
  const { jambonz, sipPassword } = settings;
  const application = new JambonzApplication("agent-leg", {
    ...common(settings, jambonz.adopt.agentLegApplication),
    ...applicationColumns(jambonz.applications.agentLeg),
    ...hooks(middlewareUrl, "/livekit-api/agent-leg"),
    name: `trunkline-${settings.stack}-agent-leg`,
    sipRealm: realmOf(settings.sbcAddress),
  });
  const generation = jambonz.credentialGeneration;
  const carrier = new JambonzVoipCarrier(`livekit-${generation}`, {
    ...common(settings, generation === 1 ? jambonz.adopt.livekitCarrier : ""),
    name: livekitCarrierName(settings),
    description: "Calls of LiveKit, and to it. Declared with Pulumi.",
    trunkType: "auth",
    applicationSid: application.sid,
    inboundUsername: digestUser(settings),
    inboundPassword: sipPassword,
    outboundUsername: digestUser(settings),
    outboundPassword: sipPassword,
  });
  const gateway = new JambonzSipGateway(`livekit-${generation}`, {
    ...common(settings, generation === 1 ? jambonz.adopt.livekitGateway : ""),
    ...addressOf(jambonz.livekitSipHost),
    carrierSid: carrier.sid,
    outbound: true,
    protocol: gatewayProtocol(settings),
  });
  return { application, carrier, gateway };
}

/** Phone calls: their application, the carrier they come from, and the called numbers. */
export function declarePhoneCalls(
  settings: WithJambonz,
  middlewareUrl: pulumi.Input<string>,
  after: pulumi.Resource[],
): PhoneCalls {
  const { jambonz } = settings;
  const application = new JambonzApplication(
    "calls",
    {
      ...common(settings, jambonz.adopt.callsApplication),
      ...applicationColumns(jambonz.applications.calls),
      ...hooks(middlewareUrl, jambonz.webhookPath),
      name: `trunkline-${settings.stack}`,
      sipRealm: realmOf(settings.sbcAddress),
    },
    { dependsOn: after },
  );
  const carriers = phoneCarriers(settings).map((phone) => declarePhoneCarrier(settings, phone, application));
  return { application, carrier: first(carriers).carrier, numbers: carriers.flatMap(({ numbers }) => numbers) };
}

function applicationColumns(columns: WithJambonz["jambonz"]["applications"]["calls"]): Partial<JambonzApplicationArgs> {
  return said(columns) as Partial<JambonzApplicationArgs>;
}

function first<T>(all: T[]): T {
  const [one] = all;
  if (one === undefined) throw new Error("a stack with Jambonz has a phone carrier");
  return one;
}

/** Status events are not retried: they may come late or not at all, and nobody waits for them. */
function hooks(middlewareUrl: pulumi.Input<string>, path: string) {
  // An adopted application's credentials are for the host it pointed to: they must not go to the middleware.
  return {
    callHook: { url: pulumi.interpolate`${middlewareUrl}${path}${HOOK_RETRIES}`, username: "" },
    callHookPassword: "",
    statusHook: { url: pulumi.interpolate`${middlewareUrl}/livekit-api/status`, username: "" },
    statusHookPassword: "",
  };
}

/** The SBC's address without its port is the account's SIP realm. */
function realmOf(address: string): string {
  return addressOf(address).address;
}

/** How jambonz calls LiveKit: as LiveKit calls jambonz. */
function gatewayProtocol({ sipTransport, mediaEncryption }: Settings): "udp" | "tcp" | "tls" | "tls/srtp" {
  if (sipTransport === "tls") return mediaEncryption === "disable" ? "tls" : "tls/srtp";
  return sipTransport === "tcp" ? "tcp" : "udp";
}
