import { setTimeout as pause } from "node:timers/promises";
import { RoomAgentDispatch, RoomConfiguration } from "livekit-server-sdk";
import { DeclaredSystem, heardItself } from "./declared-system.ts";

/** From a set-up made by hand to a declared one, by `pulumi up` alone: on real servers, with real calls. */

jest.setTimeout(180_000);

const AGENT = "my-telephony-agent";
const CALLER = "+4915112345678";
const HOLD_MS = 8_000;
const system = new DeclaredSystem();
let byHand: { callsApplication: string; phoneCarrier: string; gateway: string; number: string };
let legacy: { inboundTrunkIds: string[]; dispatchRuleIds: string[] };

beforeAll(async () => {
  await system.start();
  legacy = { inboundTrunkIds: [], dispatchRuleIds: [] };
  await legacyTrunk("by hand: SBC", { allowedAddresses: ["127.0.0.0/8"] });
  byHand = await seedJambonz();
  await system.startMiddleware({
    JAMBONZ_WEBHOOK_SECRETS: system.account.webhook_secret,
    LIVEKIT_OUTBOUND_TRUNK_ID: "ST_not_yet",
    LIVEKIT_SIP_HOST: system.livekitSipHost,
    ANNOUNCEMENT: "",
  });
}, 300_000); // the servers may have to be built first
afterAll(() => system.stop());

/** A trunk without numbers and its rule, which sends the agent into a room of each call's own. */
async function legacyTrunk(name: string, options: object): Promise<void> {
  const trunk = await system.sip.createSipInboundTrunk(name, [], options);
  const roomConfig = new RoomConfiguration({ agents: [new RoomAgentDispatch({ agentName: AGENT })] });
  const rule = await system.sip.createSipDispatchRule(
    { type: "individual", roomPrefix: "legacy-" },
    { name, trunkIds: [trunk.sipTrunkId], roomConfig },
  );
  legacy.inboundTrunkIds.push(trunk.sipTrunkId);
  legacy.dispatchRuleIds.push(rule.sipDispatchRuleId);
}

async function seedJambonz(): Promise<typeof byHand> {
  const hook = (path: string) => ({ url: system.middlewareUrl + path });
  const callsApplication = await system.inJambonz("Applications", {
    name: "livekit",
    call_hook: hook("/livekit-simple"),
    call_status_hook: hook("/livekit-api/status"),
  });
  const phoneCarrier = await system.inJambonz("VoipCarriers", {
    name: "Schmidtkom",
    application_sid: callsApplication,
  });
  const address = { voip_carrier_sid: phoneCarrier, ipv4: "127.0.0.1", port: 5060, inbound: 1, outbound: 0 };
  const gateway = await system.inJambonz("SipGateways", address);
  const number = await system.inJambonz("PhoneNumbers", {
    number: "+493012345678",
    voip_carrier_sid: phoneCarrier,
    application_sid: callsApplication,
  });
  return { callsApplication, phoneCarrier, gateway, number };
}

const adopt = () => ({
  callsApplication: byHand.callsApplication,
  phoneCarrier: byHand.phoneCarrier,
  phoneGateways: { "127.0.0.1": byHand.gateway },
  phoneNumbers: { "+493012345678": byHand.number },
});
const callHook = () =>
  system.account.applications.find((row) => row.application_sid === byHand.callsApplication)?.call_hook;

test("before: one legacy trunk and a static dial through /livekit-simple; the agent answers", async () => {
  const caller = await system.call(HOLD_MS);
  expect({ failed: system.legFailures(caller), agent: heardItself(caller) }).toEqual({ failed: [], agent: true });
});

test("a second trunk, added by hand, overlaps: LiveKit answers 503, the caller hears no agent", async () => {
  await legacyTrunk("by hand: one caller", { allowedAddresses: ["127.0.0.1/32"], allowedNumbers: [CALLER] });
  const caller = await system.call(HOLD_MS);
  expect({ failed: system.legFailures(caller), agent: heardItself(caller) }).toEqual({ failed: [503], agent: false });
});

test("after pulumi up the webhook is /livekit-api, the legacy objects are gone, every call is answered by the agent", async () => {
  const before = callHook();
  await system.up({ adopt: adopt() }, { sipPassword: "password-of-the-first-generation", legacy });
  await system.startMiddleware();

  expect(callHook()).toEqual({ ...before, url: `${system.middlewareUrl}/livekit-api#rc=5&rp=ct,5xx` });
  expect(await system.sip.listSipInboundTrunk()).toEqual([]);
  expect(await system.sip.listSipDispatchRule()).toEqual([]);
  const callers = await Promise.all([0, 1_000, 2_000].map((ms) => pause(ms).then(() => system.call(HOLD_MS))));
  expect(callers.map(heardItself)).toEqual([true, true, true]);
});

test("the credentials change under a call per second: none is lost", async () => {
  const calls = Array.from({ length: 8 }, (_, second) => pause(second * 1_000).then(() => system.call(HOLD_MS)));
  await pause(1_500);
  await system.up(
    { adopt: adopt(), credentialGeneration: 2 },
    { sipPassword: "password-of-the-second-generation", legacy },
  );
  expect(system.account.voip_carriers.map(({ name }) => name).sort()).toEqual(["LiveKit-local-2", "Schmidtkom"]);
  expect((await Promise.all(calls)).map(heardItself)).toEqual(Array(8).fill(true));
});

test("a call that comes while the middleware is killed and started again is answered: Jambonz retries", async () => {
  await system.killMiddleware();
  const calling = system.call(HOLD_MS);
  await pause(1_000);
  await system.startMiddleware();
  expect(heardItself(await calling)).toBe(true);
  const tries = system.seen.filter(({ type, attempt }) => type === "hook.answered" && Number(attempt) > 1);
  expect(tries.length).toBeGreaterThan(0);
});
