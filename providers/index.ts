export { AgentReady, type AgentReadyArgs, BUILD_ATTRIBUTE } from "./deploy/agent-ready.ts";
export { AgentRestart, type AgentRestartArgs } from "./deploy/agent-restart.ts";
export { ServiceReady, type ServiceReadyArgs } from "./deploy/service-ready.ts";
export { dispatch } from "./dynamic/dispatch.ts";
export { type ErrorCode, TrunklineError } from "./dynamic/errors.ts";
export type { Mark } from "./dynamic/marks.ts";
export { HerokuAppAdoption, type HerokuAppAdoptionArgs } from "./heroku/app-adoption.ts";
export { type JambonzAccount, jambonzAccount } from "./jambonz/account.ts";
export {
  JambonzApplication,
  type JambonzApplicationArgs,
  type JambonzArgs,
  type JambonzHookArgs,
} from "./jambonz/application.ts";
export { calledNumber, jambonzHost, optionalSid, sipDomain } from "./jambonz/fields.ts";
export { JambonzPhoneNumber, type JambonzPhoneNumberArgs } from "./jambonz/phone-number.ts";
export { JambonzSipGateway, type JambonzSipGatewayArgs } from "./jambonz/sip-gateway.ts";
export { type Voice, voiceProblems } from "./jambonz/voices.ts";
export { JambonzVoipCarrier, type JambonzVoipCarrierArgs } from "./jambonz/voip-carrier.ts";
export { JambonzWebhookSecret, type JambonzWebhookSecretArgs } from "./jambonz/webhook-secret.ts";
export { credentialsFor } from "./livekit/environment.ts";
export {
  adoptedRule,
  adoptedTrunk,
  attributesToHeaders,
  country,
  isFreeHeader,
  livekitHost,
  optionalTrunkId,
  phoneNumber,
  sipAddress,
  sipHeaders,
} from "./livekit/fields.ts";
export { LegacySipCleanup, type LegacySipCleanupArgs } from "./livekit/legacy-sip-cleanup.ts";
export { mediaCodec, mediaEncryption } from "./livekit/media.ts";
export {
  type Answer,
  type Call,
  type Conflict,
  type Finding,
  type FindingCode,
  findConflicts,
  lint,
  type Rule,
  routeCall,
  ruleOf,
  type Target,
  type Trunk,
  trunkOf,
} from "./livekit/routing/index.ts";
export { type DispatchTarget, SipDispatchRule, type SipDispatchRuleArgs } from "./livekit/sip-dispatch-rule.ts";
export { SipInboundTrunk, type SipInboundTrunkArgs } from "./livekit/sip-inbound-trunk.ts";
export { SipOutboundTrunk, type SipOutboundTrunkArgs } from "./livekit/sip-outbound-trunk.ts";
export { transport } from "./livekit/sip-outbound-trunk-fields.ts";
export { SipRouting, type SipRoutingArgs } from "./livekit/sip-routing.ts";
