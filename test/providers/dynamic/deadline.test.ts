import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dispatch } from "@trunkline/providers";
import { durationMs } from "../../../providers/dynamic/deadline.ts";

/** `customTimeouts`: a step of a resource whose other side is silent, or never ready, ends in time. */

let silent: Server;
let host: string;
const environment = { ...process.env };
const options = { customTimeouts: { create: "1s", update: "1s", delete: "1s" } };

beforeAll(async () => {
  silent = createServer((request, response) => void (request.url === "/readyz" && response.end("{}")));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  host = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  Object.assign(process.env, { LIVEKIT_API_KEY: "key", LIVEKIT_API_SECRET: "secret", JAMBONZ_API_KEY: "key" });
  delete process.env.LIVEKIT_URL;
  delete process.env.JAMBONZ_API_URL;
});
afterAll(() => {
  process.env = environment;
  silent.close();
  silent.closeAllConnections();
});

const owner = { project: "p", stack: "s", name: "n" };
const sid = "00000000-0000-4000-8000-000000000000";
const sip = () => ({ host: host.replace("http", "ws"), owner, adopt: "", name: "n" });
const jambonz = () => ({ host, accountSid: "", adopt: "", name: "n" });

test.each([
  ["livekit:SipOutboundTrunk", sip],
  ["livekit:SipInboundTrunk", sip],
  ["livekit:SipDispatchRule", sip],
  ["livekit:LegacySipCleanup", () => ({ ...sip(), inboundTrunkIds: ["ST_1"], dispatchRuleIds: [], drainSeconds: 0 })],
  ["deploy:AgentReady", () => ({ ...sip(), agentName: "a", buildHash: "0", app: "app", limitSeconds: 300 })],
  ["deploy:ServiceReady", () => ({ url: host, buildHash: "0", trunkId: "ST_1", app: "app", limitSeconds: 300 })],
  ["jambonz:Application", jambonz],
  ["jambonz:VoipCarrier", jambonz],
  ["jambonz:SipGateway", () => ({ ...jambonz(), carrierSid: sid })],
  ["jambonz:PhoneNumber", () => ({ ...jambonz(), carrierSid: sid, number: "+4930123456" })],
])("%s: create, update and delete", async (kind, inputs) => {
  const resource = dispatch(kind);
  const declared = { ...inputs(), options };
  const started = performance.now();
  const steps = [
    resource.create(declared),
    resource.update("id", { ...declared, sid }, declared),
    ...(kind.startsWith("deploy:") ? [] : [resource.delete("id", { ...declared, sid })]),
  ];
  const results = await Promise.allSettled(steps);
  for (const { status } of results) expect(status).toBe("rejected");
  expect(performance.now() - started).toBeLessThan(4_000);
});

test.each([
  ["90s", 90_000],
  ["1h30m", 5_400_000],
  ["1.5m", 90_000],
  ["250ms", 250],
  ["0s", undefined],
  ["", undefined],
  [undefined, undefined],
])("%s", (text, ms) => expect(durationMs(text)).toBe(ms));
