import { rm } from "node:fs/promises";
import { type CallerReport, type PlaceCallOptions, placeCall } from "../../../sandbox/callers/sipp-caller.ts";
import { emptyAccount } from "../../../sandbox/jambonz/account.ts";
import { addApplication, addCarrier, addGateway } from "../../../sandbox/jambonz/account-rows.ts";
import type { JambonzEvent, JambonzEventType } from "../../../sandbox/jambonz/events.ts";
import { type Jambonz, startJambonz } from "../../../sandbox/jambonz/server.ts";
import { Supervisor } from "../../../sandbox/processes/supervisor.ts";
import { workFolder } from "../../../sandbox/root.ts";
import { findOrBuild } from "../../../sandbox/toolchain/binaries.ts";
import { type Post, WebhookApp } from "./webhook-app.ts";

const HOLD_HZ = 425;
const CALLER_HZ = 700;
const AGENT_HZ = 1100;
const livekit = { username: "livekit", password: "secret" };

const folder = workFolder("test", `jambonz-call-${process.pid}`);
const supervisor = new Supervisor({ folder });
const account = emptyAccount();
const events: JambonzEvent[] = [];
let app: WebhookApp;
let jambonz: Jambonz;

beforeAll(async () => {
  app = await WebhookApp.start();
  const calls = addApplication(account, "trunkline", `${app.origin}/livekit-api`);
  const legs = addApplication(account, "trunkline-agent-leg", `${app.origin}/livekit-api/agent-leg`);
  addGateway(account, addCarrier(account, "Schmidtkom", { application_sid: calls.application_sid }));
  const digest = { inbound_auth_username: livekit.username, inbound_auth_password: livekit.password };
  addCarrier(account, "LiveKit-local", { trunk_type: "auth", application_sid: legs.application_sid, ...digest });
  const edgeBinary = await findOrBuild("sip-edge");
  jambonz = await startJambonz(supervisor, { edgeBinary, account, onEvent: (event) => events.push(event) });
}, 180_000);

beforeEach(() => {
  events.length = 0;
  app.posts.length = 0;
});

afterAll(async () => {
  await jambonz?.stop();
  await supervisor.stopAll();
  await app?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A caller, or with `to: "call-…"` and credentials one of LiveKit's legs. */
function call(options: Partial<PlaceCallOptions>): Promise<CallerReport> {
  const usual = { from: "+4917100001", to: "+4989100", toneHz: CALLER_HZ, holdMs: 3_000, timeoutMs: 8_000 };
  return placeCall(supervisor, { target: jambonz.sipAddress, folder, ...usual, ...options });
}

async function eventually(type: JambonzEventType): Promise<JambonzEvent> {
  for (let i = 0; i < 500; i++) {
    const found = events.find((event) => event.type === type);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no ${type} within 5 s; there were ${events.map((event) => event.type).join(", ")}`);
}

/** When a tone was first heard, ms since the INVITE; undefined where it never was. */
function heardAt(report: CallerReport, hz: number): number | undefined {
  return report.heard.find((tone) => Math.abs(tone.hz - hz) < 20)?.fromMs;
}

/** Enqueues the caller with a hold tone; the agent's leg takes it out. */
function queueApplication({ url }: Post): unknown {
  const callSid = app.to("/livekit-api")[0]?.call_sid;
  if (url === "/livekit-api") return [{ verb: "enqueue", name: "call-abc", waitHook: "/wait", actionHook: "/left" }];
  if (url === "/wait") return [{ verb: "play", url: `tone_stream://%(500,500,${HOLD_HZ})` }];
  if (url === "/livekit-api/agent-leg") return [{ verb: "dequeue", name: "call-abc", callSid, timeout: 3 }];
  return [];
}

describe("a queued caller and LiveKit's leg", () => {
  async function bothLegs(caller: Partial<PlaceCallOptions>, agent: Partial<PlaceCallOptions>) {
    app.answer = queueApplication;
    const callerReport = call(caller);
    await eventually("call.answered");
    const agentReport = call({ to: "call-abc", toneHz: AGENT_HZ, auth: livekit, ...agent });
    return { caller: await callerReport, agent: await agentReport };
  }

  test("the caller hears the hold tone, then both hear each other; the caller's hang-up ends both", async () => {
    const reports = await bothLegs({ holdMs: 4_000 }, { holdMs: 10_000, bye: "callee" });
    expect(reports.caller).toMatchObject({ answered: true, endedBy: "caller" });
    expect(reports.agent).toMatchObject({ answered: true, endedBy: "callee" });
    const [hold = Number.NaN, agent = Number.NaN] = [
      heardAt(reports.caller, HOLD_HZ),
      heardAt(reports.caller, AGENT_HZ),
    ];
    expect(hold).toBeGreaterThanOrEqual(650); // the silence before the first waitHook (jambonz-live, section 3)
    expect(agent).toBeGreaterThanOrEqual(hold);
    expect(heardAt(reports.agent, CALLER_HZ)).toBeGreaterThanOrEqual(900); // the dequeue's second
    expect(app.to("/left")[0]).toMatchObject({ queue_result: "bridged" });
  }, 30_000);

  test("the agent's hang-up ends the caller's call too", async () => {
    const reports = await bothLegs({ holdMs: 10_000, bye: "callee" }, { holdMs: 2_500 });
    expect(reports.agent).toMatchObject({ endedBy: "caller" });
    expect(reports.caller).toMatchObject({ answered: true, endedBy: "callee" });
    const statuses = app.to("/status").filter((body) => body.to === "+4989100");
    expect(statuses.map((body) => body.call_status)).toEqual(["trying", "in-progress", "completed"]);
    expect(statuses.at(-1)).toMatchObject({ call_termination_by: "jambonz" });
    expect(jambonz.liveLegs()).toBe(0);
  }, 30_000);

  test("a leg with a wrong password never reaches the application", async () => {
    const report = await call({ to: "call-abc", auth: { username: "livekit", password: "guess" } });
    expect(report).toMatchObject({ answered: false, finalStatus: 403 });
    expect(app.posts).toEqual([]);
  });
});

describe("a dial", () => {
  /** The SBC calls itself: the dialled leg arrives like one of LiveKit's and plays the agent's tone. */
  const target = () => [{ type: "sip", sipUri: `sip:call-abc@${jambonz.sipAddress};transport=tcp`, auth: livekit }];
  const common = { verb: "dial", answerOnBridge: true, anchorMedia: true, timeout: 2, actionHook: "/done" };
  const ringback = `tone_stream://L=20;%(1000,4000,${HOLD_HZ})`;

  test("the caller hears ringback before the answer, then the far end, which ends the call", async () => {
    app.answer = ({ url }) => {
      if (url === "/livekit-api") return [{ ...common, target: target(), dialMusic: ringback }];
      if (url !== "/livekit-api/agent-leg") return [];
      return [
        { verb: "pause", length: 1 },
        { verb: "play", url: `tone_stream://%(2000,0,${AGENT_HZ})` },
      ];
    };
    const report = await call({ holdMs: 10_000, bye: "callee" });
    expect(report).toMatchObject({ answered: true, endedBy: "callee" });
    const at = (event: string) => report.timeline.find((step) => step.event === event)?.at ?? Number.NaN;
    expect(heardAt(report, HOLD_HZ)).toBeLessThan(at("answered") - at("invite"));
    expect(heardAt(report, AGENT_HZ)).toBeGreaterThanOrEqual(at("answered") - at("invite") - 100);
    expect(app.to("/done")[0]).toMatchObject({ dial_call_status: "completed", dial_sip_status: 200 });
  }, 30_000);

  test("nobody answers: no-answer, and the action hook's decline reaches the caller", async () => {
    app.answer = ({ url }) => {
      if (url === "/livekit-api") return [{ ...common, target: target(), dialMusic: ringback }];
      if (url === "/livekit-api/agent-leg") return [{ verb: "pause", length: 10 }];
      return url === "/done" ? [{ verb: "sip:decline", status: 503, reason: "Agent busy" }] : [];
    };
    const report = await call({});
    expect(report).toMatchObject({ answered: false, finalStatus: 503, reason: "Agent busy" });
    expect(app.to("/done")[0]).toMatchObject({ dial_call_status: "no-answer", dial_sip_status: 487 });
  }, 30_000);
});

test("an application that cannot be reached is 480 to the caller", async () => {
  app.respond = (response) => response.writeHead(500).end();
  const report = await call({});
  expect(report).toMatchObject({ answered: false, finalStatus: 480 });
  expect(app.posts).toHaveLength(1);
});
