import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { CallFlow } from "@trunkline/shared";
import { AccessToken, ServerError } from "livekit-server-sdk";
import {
  CALLER_SID,
  callerInvite,
  eventually,
  LEG_SID,
  ScriptedRooms,
  type Service,
  send,
  startService,
  testConfig,
} from "../support.ts";

// The caller of a call whose LiveKit is out of reach is put to the agent again, in a room of another name.

const asked: string[] = [];
const jambonz = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  response.writeHead(202).end();
});
beforeAll(() => new Promise<void>((resolve) => jambonz.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => jambonz.close(resolve)));

let service: Service;
let rooms: ScriptedRooms;
beforeEach(() => {
  asked.length = 0;
  rooms = new ScriptedRooms();
});
afterEach(() => service.app.close());

const names = (verbs: { verb: string }[]) => verbs.map(({ verb }) => verb);
const rescue = (call_status = "in-progress") =>
  service.verbs("/livekit-api/rescue", { call_sid: CALLER_SID, call_status });
const calls = async () =>
  (await service.app.inject("/livekit-api/calls?state=all")).json().calls as {
    state: string;
    outcome?: string;
    ids: { room: string };
  }[];
const states = async () => (await calls()).map(({ state, outcome }) => outcome ?? state);
const isAsked = () => eventually(() => asked.length > 0);

function start(callFlow: CallFlow = "callback"): void {
  const { port } = jambonz.address() as AddressInfo;
  service = startService({ callFlow, liveCalls: { url: `http://127.0.0.1:${port}`, key: "key" } }, rooms);
}

async function talking(callFlow: CallFlow): Promise<string> {
  start(callFlow);
  await service.verbs("/livekit-api", { ...callerInvite(), account_sid: "account" });
  const callId = rooms.calls[0]?.callId ?? "";
  if (callFlow === "callback") {
    await service.hook("/livekit-api/wait", { call_sid: CALLER_SID });
    await eventually(() => rooms.count("createAgentLeg") === 1);
    await service.hook("/livekit-api/agent-leg", { call_sid: LEG_SID, to: `call-${callId}` });
  }
  const leg = { call_sid: LEG_SID, parent_call_sid: CALLER_SID, call_status: "in-progress" };
  await service.hook("/livekit-api/status", leg);
  return callId;
}

/** As its agent says. */
async function lose(callId: string): Promise<void> {
  const report = { joinMs: 1, turns: 0, interruptions: 0, legLost: true };
  const body = JSON.stringify({ worker: "w", free: 1, calls: [callId], news: [{ what: "report", callId, report }] });
  const { apiKey, apiSecret } = testConfig().livekit;
  const token = new AccessToken(apiKey, apiSecret);
  token.sha256 = createHash("sha256").update(body).digest("base64");
  const headers = { authorization: await token.toJwt(), "content-type": "application/json" };
  expect((await send(service.app, "/livekit-agents", { method: "POST", body, headers })).statusCode).toBe(204);
}

test.each([
  ["callback", ["play", "enqueue"]],
  ["dial", ["dial"]],
] as const)("%s: a caller whose leg is lost is moved to the agent in another room", async (flow, way) => {
  const callId = await talking(flow);
  await lose(callId);
  await eventually(() => rooms.calls.length === 2);
  const second = rooms.calls[1]?.callId ?? "";
  expect(second).not.toBe(callId);
  await isAsked();
  const verbs = await rescue();
  expect(names(verbs)).toEqual([...way, "say", "hangup"]);
  expect(JSON.stringify(verbs)).toContain(`call-${second}`);
  expect(JSON.stringify(verbs)).toContain("?moves=1#rc=5");
  expect(await states()).toEqual([flow === "dial" ? "dialling" : "waiting", "again"]);
});

test("hooks of the try that was cut change nothing of the second, its own do", async () => {
  await lose(await talking("callback"));
  await isAsked();
  await rescue();
  const left = { call_sid: CALLER_SID, queue_result: "hangup" };
  expect(await service.verbs("/livekit-api/queue-left", left)).toEqual([]);
  expect((await states())[0]).toBe("waiting");
  await service.verbs("/livekit-api/queue-left?moves=1", left);
  expect(await states()).toEqual(["abandoned", "again"]);
});

test("while there is no room the caller hears music, then the fallback by itself", async () => {
  const callId = await talking("callback");
  rooms.createError = new Error("no response");
  await lose(callId);
  await isAsked();
  const [music, ...rest] = await rescue();
  expect(music).toMatchObject({ verb: "play", url: expect.stringContaining("L=4") });
  expect(names(rest)).toEqual(["say", "hangup"]);
  rooms.createError = undefined;
  await eventually(() => asked.length > 1);
  expect(names(await rescue())).toEqual(["play", "enqueue", "say", "hangup"]);
});

test("dial: a livekit-sip that is still away is dialled again, with music between", async () => {
  await lose(await talking("dial"));
  await isAsked();
  await rescue();
  const done = { call_sid: CALLER_SID, dial_call_status: "failed", call_status: "in-progress" };
  expect(await service.verbs("/livekit-api/dial-done", done)).toEqual([]);
  const leg = { call_sid: "second-leg", parent_call_sid: CALLER_SID };
  await service.hook("/livekit-api/status", { ...leg, call_status: "trying" });
  await service.hook("/livekit-api/status", { ...leg, call_status: "failed" });
  expect(names(await service.verbs("/livekit-api/dial-done?moves=1", done))).toEqual(["play", "dial", "say", "hangup"]);
  expect((await states())[0]).toBe("dialling");
});

test("a caller who is moved twice is not lost by the first queue's end", async () => {
  await lose(await talking("callback"));
  await isAsked();
  await rescue();
  await rescue();
  const left = { call_sid: CALLER_SID, queue_result: "hangup" };
  expect(await service.verbs("/livekit-api/queue-left?moves=1", left)).toEqual([]);
  expect((await states())[0]).toBe("waiting");
});

test("there is no third try", async () => {
  await lose(await talking("callback"));
  await isAsked();
  await rescue();
  await eventually(() => rooms.count("createAgentLeg") === 2);
  const second = rooms.calls[1]?.callId ?? "";
  await service.hook("/livekit-api/agent-leg", { call_sid: "third", to: `call-${second}` });
  await lose(second);
  expect(names(await rescue())).toEqual(["say", "hangup"]);
  expect(rooms.calls).toHaveLength(2);
});

test("a caller who hangs up meanwhile leaves no room behind", async () => {
  const callId = await talking("callback");
  rooms.createMs = 300;
  await lose(callId);
  await service.hook("/livekit-api/status", { call_sid: CALLER_SID, call_status: "completed" });
  await eventually(() => rooms.count("deleteRoom") >= 2);
  expect(await calls()).toHaveLength(1);
});

test("a call that finds LiveKit away hears early music, and is put to the agent when it is back", async () => {
  rooms.createError = new Error("no response");
  start("dial");
  const verbs = await service.verbs("/livekit-api", { ...callerInvite(), account_sid: "account" });
  expect(verbs[0]).toMatchObject({ verb: "play", earlyMedia: true });
  rooms.createError = undefined;
  await isAsked();
  expect(names(await rescue("early-media"))[0]).toBe("dial");
  expect(await states()).toEqual(["dialling", "again"]);
});

test("a LiveKit that refuses is not asked again", async () => {
  rooms.createError = new ServerError("TwirpError", "no permissions", 401);
  start();
  expect(names(await service.verbs("/livekit-api", callerInvite()))).toEqual(["say", "hangup"]);
});
