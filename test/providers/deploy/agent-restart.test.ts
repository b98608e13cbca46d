import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccessToken, RoomAgentDispatch, RoomServiceClient } from "livekit-server-sdk";
import { agentRestart } from "../../../providers/deploy/agent-restart.ts";
import { Supervisor } from "../../../sandbox/processes/supervisor.ts";
import { callRoomMetadata, standbyRoomMetadata } from "../../../service/shared/index.ts";
import { type LiveKit, startLiveKit } from "../../engine/stack.ts";

const OLD = "fedcba9876543210";
const NEW = "0123456789abcdef";
const supervisor = new Supervisor({ folder: mkdtempSync(join(tmpdir(), "trunkline-restart-")) });
const environment = { ...process.env };
const STACK = "stack-of-the-tests";
const AGENT = "agent-of-the-tests";
let livekit: LiveKit;
let rooms: RoomServiceClient;

beforeAll(async () => {
  livekit = await startLiveKit();
  Object.assign(process.env, livekit.keys, { LIVEKIT_URL: livekit.url });
  rooms = new RoomServiceClient(livekit.url, livekit.apiKey, livekit.apiSecret);
  await rooms.createRoom({ name: "call-own", metadata: callRoomMetadata(STACK, context("own")) });
  await Promise.all(["call-own", "call-foo"].map(joinCall));
}, 30_000);

afterAll(async () => {
  process.env = environment;
  await supervisor.stopAll();
  await livekit?.stop();
  rmSync(supervisor.folder, { recursive: true });
});

/** Somebody in a room, as in a call. */
async function joinCall(room: string): Promise<void> {
  const token = new AccessToken(livekit.apiKey, livekit.apiSecret, { identity: "caller" });
  token.addGrant({ roomJoin: true, room });
  const args = ["test/service/agent/caller.ts", livekit.url, await token.toJwt()];
  await new Promise<void>((resolve, reject) => {
    const onLine = (line: string) => void (line.includes('"joined"') && resolve());
    void supervisor
      .start({ name: `caller-${room}`, command: process.execPath, args, stdin: true, onLine })
      .then((running) => running.exited)
      .then(() => reject(new Error("the caller did not join")), reject);
  });
}

const context = (callId: string) => ({ callId, flow: "dial" as const, caller: "1", called: "2", headers: {} });
const inputs = (buildHash: string, duringCalls = false) => ({
  host: livekit.url,
  stackId: STACK,
  agentName: AGENT,
  buildHash,
  configuration: "a",
  duringCalls,
});
type Inputs = ReturnType<typeof inputs>;

/** What the state of an earlier version holds. */
const unmarked = (buildHash: string) =>
  ({ ...inputs(buildHash), stackId: undefined, agentName: undefined }) as unknown as Inputs;
const update = (state: Inputs, wanted: Inputs) => agentRestart.update("agent-restart", state, wanted);

test("a new build is refused while a call goes on, with the way out", async () => {
  await expect(update(inputs(OLD), inputs(NEW))).rejects.toThrow(
    /^CALLS_IN_PROGRESS: .* 1 call\(s\) .*heroku\.deployDuringCalls true$/,
  );
});

test("neither rooms of other stacks and applications count, nor a room whose agent waits for a call", async () => {
  await rooms.createRoom({ name: "call-ahead", metadata: standbyRoomMetadata(STACK) });
  await rooms.createRoom({ name: "call-other", metadata: callRoomMetadata("another", context("other")) });
  await expect(update(inputs(OLD), inputs(NEW))).rejects.toThrow(/^CALLS_IN_PROGRESS: .* 1 call\(s\) /);
});

test("calls of a middleware that set no marks count by their agent, until one that sets them runs", async () => {
  const agents = [new RoomAgentDispatch({ agentName: AGENT })];
  await rooms.createRoom({ name: "call-of-an-earlier-version", agents });
  await expect(update(unmarked(OLD), inputs(NEW))).rejects.toThrow(/^CALLS_IN_PROGRESS: .* 2 call\(s\) /);
  await expect(agentRestart.create(inputs(NEW))).rejects.toThrow(/^CALLS_IN_PROGRESS: .* 2 call\(s\) /);
  await expect(update(inputs(OLD), inputs(NEW))).rejects.toThrow(/^CALLS_IN_PROGRESS: .* 1 call\(s\) /);
});

test("another configuration is refused, too", async () => {
  await expect(update(inputs(OLD), { ...inputs(OLD), configuration: "b" })).rejects.toThrow(/^CALLS_IN_PROGRESS/);
});

test("it goes on when calls may be broken off", async () => {
  const changed = inputs(NEW, true);
  await expect(update(inputs(OLD), changed)).resolves.toEqual(changed);
});

test("an update that restarts nothing is let through", async () => {
  await expect(update(inputs(OLD, true), inputs(OLD))).resolves.toEqual(inputs(OLD));
});

test("a stack that was refused can be deployed when its own calls have ended", async () => {
  await rooms.deleteRoom("call-own");
  await expect(update(inputs(OLD), inputs(NEW))).resolves.toEqual(inputs(NEW));
});
