import { own } from "@trunkline/contract";
import { agentReady } from "../deploy/agent-ready.ts";
import { agentRestart } from "../deploy/agent-restart.ts";
import { serviceReady } from "../deploy/service-ready.ts";
import { herokuAppAdoption } from "../heroku/app-adoption.ts";
import { jambonzApplication } from "../jambonz/application.ts";
import { jambonzPhoneNumber } from "../jambonz/phone-number.ts";
import { jambonzSipGateway } from "../jambonz/sip-gateway.ts";
import { jambonzVoipCarrier } from "../jambonz/voip-carrier.ts";
import { jambonzWebhookSecret } from "../jambonz/webhook-secret.ts";
import { leavable } from "../livekit/leaving.ts";
import { legacySipCleanup } from "../livekit/legacy-sip-cleanup.ts";
import { sipDispatchRule } from "../livekit/sip-dispatch-rule.ts";
import { sipInboundTrunk } from "../livekit/sip-inbound-trunk.ts";
import { sipOutboundTrunk } from "../livekit/sip-outbound-trunk.ts";
import { sipRouting } from "../livekit/sip-routing.ts";
import { TrunklineError } from "./errors.ts";
import { type Provider, provider } from "./provider.ts";

/** Every kind there is. A kind is in the state of every stack: never rename one. */
const providers: Readonly<Record<string, Provider>> = {
  "livekit:SipOutboundTrunk": provider(leavable("outbound trunk", sipOutboundTrunk)),
  "livekit:SipInboundTrunk": provider(leavable("inbound trunk", sipInboundTrunk)),
  "livekit:SipDispatchRule": provider(leavable("dispatch rule", sipDispatchRule)),
  "livekit:SipRouting": provider(sipRouting),
  "livekit:LegacySipCleanup": provider(legacySipCleanup),
  "deploy:AgentRestart": provider(agentRestart),
  "deploy:AgentReady": provider(agentReady),
  "deploy:ServiceReady": provider(serviceReady),
  "heroku:AppAdoption": provider(herokuAppAdoption),
  "jambonz:Application": provider(jambonzApplication),
  "jambonz:VoipCarrier": provider(jambonzVoipCarrier),
  "jambonz:SipGateway": provider(jambonzSipGateway),
  "jambonz:PhoneNumber": provider(jambonzPhoneNumber),
  "jambonz:WebhookSecret": provider(jambonzWebhookSecret),
};

export const KINDS: readonly string[] = Object.keys(providers);

/** The code behind a stub's kind. Throws UNKNOWN_KIND for a kind that this version does not know. */
export function dispatch(kind: string): Provider {
  const found = own(providers, kind);
  if (found !== undefined) return found;
  throw new TrunklineError(
    "UNKNOWN_KIND",
    `This checkout knows no resource of kind "${kind}". Was the state written by a newer one?`,
  );
}
