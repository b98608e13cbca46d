import { createHash, randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { AccessToken } from "livekit-server-sdk";
import { StoreError } from "../../../../service/middleware/errors.ts";
import type { CallStore } from "../../../../service/middleware/store/call-store.ts";
import { MemoryStore } from "../../../../service/middleware/store/memory-store.ts";
import {
  agentInvite,
  CALLER_SID,
  callerInvite,
  eventually,
  LEG_SID,
  type Service,
  send,
  startService,
  testConfig,
} from "../support.ts";

// A caller in silence while the store is away: LiveKit's Redis and the middleware's may be the same.

let service: Service;
let api: Server;
let isAway: boolean;
let inner: MemoryStore;
/** Paths of live call control that were asked. */
let moves: string[];

beforeEach(async () => {
  [isAway, moves] = [false, []];
  api = createServer(({ url = "" }, response) => {
    moves.push(url);
    response.writeHead(202).end();
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  await service.app.close();
  await new Promise((resolve) => api.close(resolve));
});

/** Every method fails while it is away. */
function storeThatLeaves(): CallStore {
  inner = new MemoryStore();
  return new Proxy<CallStore>(inner, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) =>
        isAway ? Promise.reject(new StoreError("STORE_UNAVAILABLE", "away")) : Reflect.apply(value, target, args);
    },
  });
}

const { apiKey, apiSecret } = testConfig().livekit;

/** As a worker of the agent tells it. */
async function told(callId: string, report: { legLost?: boolean }): Promise<number> {
  const news = [{ what: "report", callId, report: { joinMs: 1, turns: 1, interruptions: 0, ...report } }];
  const body = JSON.stringify({ worker: randomUUID(), free: 1, calls: [callId], news });
  const token = new AccessToken(apiKey, apiSecret);
  token.sha256 = createHash("sha256").update(body).digest("base64");
  const headers = { authorization: await token.toJwt(), "content-type": "application/json" };
  return (await send(service.app, "/livekit-agents", { method: "POST", body, headers })).statusCode;
}

const status = (call_sid: string, call_status: string) =>
  service.hook("/livekit-api/status", {
    call_sid,
    parent_call_sid: call_sid === LEG_SID ? CALLER_SID : undefined,
    call_status,
  });

async function talking(callFlow: "callback" | "dial", hasControl = true): Promise<string> {
  const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const liveCalls = hasControl ? { url, key: "key" } : undefined;
  service = startService({ callFlow, liveCalls }, undefined, storeThatLeaves());
  await service.verbs("/livekit-api", { ...callerInvite(), account_sid: "account" });
  const callId = service.rooms.calls[0]?.callId ?? "";
  if (callFlow === "callback") {
    await service.hook("/livekit-api/wait", { call_sid: CALLER_SID });
    await eventually(() => service.rooms.count("createAgentLeg") === 1);
    await service.verbs("/livekit-api/agent-leg", agentInvite(callId));
  }
  await status(LEG_SID, "in-progress");
  expect(await phases()).toEqual(["talking"]);
  return callId;
}
const phases = async () =>
  (await send(service.app, "/livekit-api/calls?state=all")).json().calls.map(({ state }) => state);
const rescue = async () =>
  (await service.verbs("/livekit-api/rescue", { call_sid: CALLER_SID, call_status: "in-progress" })).map(
    ({ verb }) => verb,
  );

const CUTS = {
  callback: () => service.verbs("/livekit-api/queue-left", { call_sid: CALLER_SID, queue_result: "hangup" }),
  dial: () =>
    service.verbs("/livekit-api/dial-done", {
      call_sid: CALLER_SID,
      dial_call_status: "completed",
      call_status: "in-progress",
    }),
};

describe.each(["callback", "dial"] as const)("%s: a caller whose agent is cut off while the store is away", (flow) => {
  test("is moved on, hears the fallback to its end, and is in the store when it is back", async () => {
    const callId = await talking(flow);
    isAway = true;
    await told(callId, { legLost: true });
    await eventually(() => moves.length === 1, 1_000);
    expect(moves[0]).toBe(`/v1/Accounts/account/Calls/${CALLER_SID}`);
    expect(await rescue()).toEqual(["say", "hangup"]);
    expect(await CUTS[flow]()).toEqual([]); // the verbs of the rescue are running
    await told(callId, { legLost: true }); // told again: it was refused
    isAway = false;
    await eventually(async () => (await phases())[0] === "fallback", 2_000);
    await status(CALLER_SID, "completed");
    expect(await phases()).toEqual(["ended"]);
    expect(moves).toHaveLength(1);
  });

  test("who hangs up meanwhile is over when it is back", async () => {
    const callId = await talking(flow);
    isAway = true;
    await told(callId, { legLost: true });
    await rescue();
    await status(CALLER_SID, "completed");
    isAway = false;
    await eventually(async () => (await phases())[0] === "ended", 2_000);
  });
});

test("an agent that is not cut off is not heard while the store is away: it tells again, and nobody is moved", async () => {
  const callId = await talking("callback");
  isAway = true;
  expect(await told(callId, {})).toBeGreaterThanOrEqual(500);
  isAway = false;
  expect(await phases()).toEqual(["talking"]);
  expect(moves).toEqual([]);
});

test.each([
  ["an unknown call", async () => "call-of-nobody", true],
  ["a caller who cannot be moved, without a key,", (callId: string) => Promise.resolve(callId), false],
])("%s is left alone", async (_which, idOf, hasControl) => {
  const callId = await talking("callback", hasControl);
  isAway = true;
  expect(await told(await idOf(callId), { legLost: true })).toBeGreaterThanOrEqual(500);
  isAway = false;
  expect(await phases()).toEqual(["talking"]);
  expect(moves).toEqual([]);
});

test("a call that another instance has ended meanwhile stays ended", async () => {
  const callId = await talking("callback");
  isAway = true;
  await told(callId, { legLost: true });
  await rescue();
  await inner.update(callId, (record) => ({ ...record, state: { ...record.state, phase: "ended" } }));
  isAway = false;
  await pause(1_500);
  expect(await phases()).toEqual(["ended"]);
  await told(callId, { legLost: true });
  expect(await phases()).toEqual(["ended"]);
});
