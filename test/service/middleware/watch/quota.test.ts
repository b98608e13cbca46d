import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Supervisor } from "../../../../sandbox/processes/supervisor.ts";
import { type Redis, startRedis } from "../../../../sandbox/servers/redis.ts";
import { LiveKitClient } from "../../../../service/middleware/livekit/client.ts";
import { buildServer } from "../../../../service/middleware/server.ts";
import { RedisStore } from "../../../../service/middleware/store/redis-store.ts";
import { agentInvite, callerInvite, collecting, eventually, signedHook, testConfig } from "../support.ts";
import { QuotaLiveKit } from "./quota-livekit.ts";

// 100 calls at once, two instances of the middleware with a real Redis, and a LiveKit with the documented quota.
jest.setTimeout(120_000);

const CALLS = 100;
const PER_MINUTE = 1_000;
const TALK_MS = 15_000;

const folder = mkdtempSync(join(tmpdir(), "quota-"));
const supervisor = new Supervisor({ folder });
let redis: Redis;
beforeAll(async () => {
  redis = await startRedis(supervisor);
}, 60_000);
afterAll(async () => {
  await supervisor.stopAll();
  rmSync(folder, { recursive: true, force: true });
});

/** Two middlewares of one stack; hooks go to them in turns. */
class Stack {
  readonly livekit: QuotaLiveKit;
  readonly store: RedisStore;
  readonly apps: ReturnType<typeof buildServer>[] = [];
  readonly told = new Set<string>();
  #turn = 0;

  constructor(livekit: QuotaLiveKit, stackId: string) {
    this.livekit = livekit;
    this.store = this.#newStore(stackId);
    const config = testConfig();
    const settings = { ...config.livekit, url: livekit.url, stackId, callLimitSeconds: 3_600 };
    for (let count = 0; count < 2; count++) {
      const rooms = new LiveKitClient(settings);
      this.apps.push(
        buildServer({
          config: { ...config, calls: { ...config.calls, maxConcurrentCalls: 1_000 } },
          store: this.#newStore(stackId),
          rooms,
          log: collecting([]),
        }),
      );
    }
  }

  #newStore(stackId: string): RedisStore {
    return new RedisStore({ url: redis.url, verifyCertificate: true, stackId, stack: stackId, log: collecting([]) });
  }

  async start(): Promise<void> {
    for (const app of this.apps) await app.listen({ host: "127.0.0.1", port: 0 });
  }

  hook(path: string, body: object): Promise<unknown> {
    const app = this.apps[this.#turn++ % this.apps.length];
    return app ? signedHook(app, path, body) : Promise.resolve();
  }

  talking(): Promise<number> {
    return this.store.active().then((active) => active.filter(({ state }) => state.phase === "talking").length);
  }

  async stop(): Promise<void> {
    for (const app of this.apps) await app.close();
    await this.store.close();
    await this.livekit.stop();
  }
}

test.each([
  ["whose agents tell by themselves how they go", true],
  ["whose agents tell nothing, and without any webhook", false],
])("%s calls stay within LiveKit's quota", async (_name, isTold) => {
  const livekit = await QuotaLiveKit.start(PER_MINUTE);
  const stack = new Stack(livekit, isTold ? "told" : "untold");
  const callIds = new Set<string>();
  const pulse = isTold
    ? setInterval(() => void stack.store.notePulse({ worker: "w", free: 9, calls: [...callIds] }), 500)
    : undefined;
  livekit.onAgent = (callId) => void callIds.add(callId);
  livekit.onLeg = (callId) => {
    const sid = `leg-${callId}`;
    void stack
      .hook("/livekit-api/agent-leg", agentInvite(callId, { call_sid: sid }))
      .then(() => stack.hook("/livekit-api/status", { call_sid: sid, call_status: "in-progress" }));
  };
  try {
    await stack.start();
    if (isTold) await pause(600);
    const sids = Array.from({ length: CALLS }, (_, index) => `caller-sid-${isTold}-${index}`);
    for (const call_sid of sids) {
      await stack.hook("/livekit-api", callerInvite({ call_sid }));
      await stack.hook("/livekit-api/wait", { call_sid });
      await pause(50);
    }
    await eventually(async () => (await stack.talking()) === CALLS, 40_000);
    const setUp = livekit.total;
    await pause(TALK_MS);
    expect(await stack.talking()).toBe(CALLS);
    const talk = livekit.total - setUp;
    await Promise.all(
      sids.map((call_sid) => stack.hook("/livekit-api/queue-left", { call_sid, queue_result: "bridged" })),
    );
    await eventually(() => livekit.rooms.size === 0, 10_000);
    await pause(1_000);
    expect(livekit.refused).toBe(0);
    expect(talk / CALLS / (TALK_MS / 1_000)).toBeLessThanOrEqual(isTold ? 0.02 : 0.1);
    expect((livekit.total - talk) / CALLS).toBeLessThanOrEqual(8);
  } finally {
    clearInterval(pulse);
    await stack.stop();
  }
});
