/**
 * A Pulumi program, run by the real engine in the place of infra/index.ts: one resource of every kind (and two that adopt what was made by
 * hand), all with the options that the configuration says.
 */
import * as pulumi from "@pulumi/pulumi";
import {
  AgentReady,
  AgentRestart,
  HerokuAppAdoption,
  JambonzApplication,
  JambonzPhoneNumber,
  JambonzSipGateway,
  JambonzVoipCarrier,
  JambonzWebhookSecret,
  LegacySipCleanup,
  ServiceReady,
  SipDispatchRule,
  SipInboundTrunk,
  SipOutboundTrunk,
  SipRouting,
} from "@trunkline/providers";

interface Declared {
  /** In the names of all resources. */
  prefix: string;
  /** The prefix that they had before. */
  formerPrefix?: string;
  host: string;
  movedFrom: string;
  jambonz: string;
  ready: string;
  agentName: string;
  build: string;
  legacyId: string;
  adoptTrunk: string;
  adoptApplication: string;
  /** Something that each kind changes in place. */
  note: string;
  options: pulumi.CustomResourceOptions;
  /** Whether all are replaced with the outbound trunk. */
  replacedTogether?: boolean;
}

const declared = new pulumi.Config().requireObject<Declared>("declared");
const { host, movedFrom, note, prefix, build } = declared;
const name = (kind: string) => `${prefix}-${kind}`;
const together: pulumi.Resource[] = [];

/** Rows that others use are not deleted before these, whatever the order in which the engine asks for it. */
const isInLiveKit = (kind: string) => together.length > 0 && ["adopted", "inbound", "rule", "legacy"].includes(kind);

function options(kind: string): pulumi.CustomResourceOptions {
  const { formerPrefix } = declared;
  return {
    ...declared.options,
    ...(formerPrefix && { aliases: [{ name: `${formerPrefix}-${kind}` }] }),
    ...(declared.replacedTogether && isInLiveKit(kind) && { replaceWith: together }),
  };
}

const livekit = { host, movedFrom };
const inbound = { name: "matrix inbound", calledNumbers: ["+4930111111"] };
const rule = { name: "matrix rule", target: { type: "callee" } } as const;

const guard = new SipRouting(
  name("routing"),
  {
    ...livekit,
    trunks: { [name("inbound")]: inbound },
    rules: { [name("rule")]: { ...rule, trunks: [name("inbound")] } },
    removes: [declared.legacyId],
    retires: [note],
  },
  options("routing"),
);
const sip = { ...livekit, stackId: guard.stackId };
const restart = new AgentRestart(
  name("restart"),
  {
    host,
    stackId: guard.stackId,
    agentName: declared.agentName,
    buildHash: build,
    configuration: note,
    duringCalls: true,
  },
  options("restart"),
);
const outbound = new SipOutboundTrunk(
  name("outbound"),
  {
    ...sip,
    name: "matrix outbound",
    address: "sbc.example.com",
    presentedNumbers: ["+4930111111"],
    headers: { "X-N": note },
  },
  { ...options("outbound"), dependsOn: [guard, restart] },
);
together.push(outbound);
const adopted = new SipOutboundTrunk(
  name("adopted"),
  {
    ...sip,
    name: "matrix adopted",
    address: "sbc.example.com",
    presentedNumbers: ["+4930222222"],
    headers: { "X-N": note },
    adopt: declared.adoptTrunk,
  },
  { ...options("adopted"), dependsOn: guard },
);
const trunk = new SipInboundTrunk(
  name("inbound"),
  { ...sip, ...inbound, headers: { "X-N": note }, legacyIds: [declared.legacyId] },
  { ...options("inbound"), dependsOn: guard },
);
const dispatch = new SipDispatchRule(
  name("rule"),
  { ...sip, ...rule, trunkIds: [trunk.sipTrunkId], participantMetadata: note },
  { ...options("rule"), dependsOn: guard },
);
new AgentReady(
  name("agent"),
  { host, agentName: declared.agentName, buildHash: build, app: "my-agent", limitSeconds: 60 + note.length },
  options("agent"),
);
new ServiceReady(
  name("service"),
  {
    url: declared.ready,
    buildHash: build,
    trunkId: outbound.sipTrunkId,
    app: "my-service",
    limitSeconds: 60 + note.length,
  },
  options("service"),
);

const app = new HerokuAppAdoption(
  name("app"),
  {
    app: "matrix-app",
    vars: { ANNOUNCEMENT: "ours", CALL_FLOW: "callback" },
    secretVars: {},
    unsaid: ["ANNOUNCEMENT"],
  },
  options("app"),
);

const jambonz = { host: declared.jambonz };
const hooks = {
  callHook: { url: "https://middleware.example.com/livekit-api" },
  statusHook: { url: `https://middleware.example.com/${note}` },
};
const application = new JambonzApplication(
  name("application"),
  { ...jambonz, ...hooks, name: "matrix application" },
  options("application"),
);
const found = new JambonzApplication(
  name("found"),
  { ...jambonz, ...hooks, name: "matrix found", adopt: declared.adoptApplication },
  options("found"),
);
const carrier = new JambonzVoipCarrier(
  name("carrier"),
  { ...jambonz, name: "matrix carrier", applicationSid: application.sid, description: note },
  options("carrier"),
);
new JambonzSipGateway(
  name("gateway"),
  {
    ...jambonz,
    carrierSid: carrier.sid,
    address: "192.0.2.1",
    inbound: true,
    outbound: true,
    sendOptionsPing: note.length % 2 === 0,
  },
  options("gateway"),
);
new JambonzPhoneNumber(
  name("number"),
  {
    ...jambonz,
    number: "+4930111111",
    carrierSid: carrier.sid,
    ...(note.length % 2 === 0 ? { applicationSid: application.sid } : {}),
  },
  options("number"),
);
new JambonzWebhookSecret(
  name("secret"),
  { ...jambonz, secret: `secret-of-the-matrix-${note}`, applicationSids: [application.sid, found.sid] },
  options("secret"),
);
const cleanup = new LegacySipCleanup(
  name("legacy"),
  { ...sip, inboundTrunkIds: [declared.legacyId], namePatterns: [note] },
  { ...options("legacy"), dependsOn: [outbound, adopted, trunk, dispatch] },
);

export const trunkId = outbound.sipTrunkId;
export const removed = cleanup.removedIds;
export const kept = app.kept;
export const sids = [application.sid, carrier.sid];
