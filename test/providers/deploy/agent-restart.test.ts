import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccessToken, RoomServiceClient } from "livekit-server-sdk";
import { agentRestart } from "../../../providers/deploy/agent-restart.ts";
import { Supervisor } from "../../../sandbox/processes/supervisor.ts";
import { STANDBY } from "../../../service/shared/index.ts";
import { type LiveKit, startLiveKit } from "../../engine/stack.ts";

const OLD = "fedcba9876543210";
const NEW = "0123456789abcdef";
const supervisor = new Supervisor({ folder: mkdtempSync(join(tmpdir(), "trunkline-restart-")) });
const environment = { ...process.env };
let livekit: LiveKit;

beforeAll(async () => {
  livekit = await startLiveKit();
  Object.assign(process.env, livekit.keys, { LIVEKIT_URL: livekit.url });
  await joinCall("call-1");
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
      .start({ name: "caller", command: process.execPath, args, stdin: true, onLine })
      .then((running) => running.exited)
      .then(() => reject(new Error("the caller did not join")), reject);
  });
}

const inputs = (buildHash: string, duringCalls = false) => ({
  host: livekit.url,
  buildHash,
  configuration: "a",
  duringCalls,
});

test("a new build is refused while a call goes on, with the way out", async () => {
  const refused = agentRestart.update("agent-restart", inputs(OLD), inputs(NEW));
  await expect(refused).rejects.toThrow(/^CALLS_IN_PROGRESS: .* 1 call\(s\) .*heroku\.deployDuringCalls true$/);
});

test("a room whose agent waits for a call is none", async () => {
  const rooms = new RoomServiceClient(livekit.url, livekit.apiKey, livekit.apiSecret);
  await rooms.createRoom({ name: "call-ahead", metadata: STANDBY });
  const refused = agentRestart.update("agent-restart", inputs(OLD), inputs(NEW));
  await expect(refused).rejects.toThrow(/^CALLS_IN_PROGRESS: .* 1 call\(s\) /);
});

test("so is another configuration", async () => {
  const changed = { ...inputs(OLD), configuration: "b" };
  await expect(agentRestart.update("agent-restart", inputs(OLD), changed)).rejects.toThrow(/^CALLS_IN_PROGRESS/);
});

test("it goes on when calls may be broken off", async () => {
  const changed = inputs(NEW, true);
  await expect(agentRestart.update("agent-restart", inputs(OLD), changed)).resolves.toEqual(changed);
});

test("an update that restarts nothing is let through", async () => {
  const changed = inputs(OLD, true);
  await expect(agentRestart.update("agent-restart", changed, inputs(OLD))).resolves.toEqual(inputs(OLD));
});
