import { setTimeout as pause } from "node:timers/promises";
import { heardBy, scoreOf } from "../../sandbox/calls/heard.ts";
import { System } from "../../sandbox/calls/system.ts";
import type { SeenEvent } from "../../sandbox/start/event-log.ts";
import { GREETING } from "../../service/agent/conversations/greeting.ts";

// What a caller on a real SIP call hears of the agent.
jest.setTimeout(60_000);

const system = new System(false);

beforeAll(async () => {
  await system.startServers();
  await system.startMiddleware();
  await system.startAgent();
}, 300_000); // the servers may have to be built first

afterAll(() => system.stop());

/** The agent's next event of this name. */
function next(name: string): Promise<SeenEvent> {
  return new Promise((resolve) => {
    const stop = system.events.onEvent((event) => {
      if (event.source !== "agent" || event.event !== name) return;
      stop();
      resolve(event);
    });
  });
}

describe.each(["callback", "dial"] as const)("flow %s", (flow) => {
  test("the greeting is heard whole, its first 200 ms too", async () => {
    const { caller } = await system.call(flow);
    for (const { hz, ms } of GREETING) {
      const heard = caller.heard.filter((tone) => Math.abs(tone.hz - hz) < 15);
      const heardMs = heard.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
      expect(heardMs).toBeGreaterThanOrEqual(ms - 100); // analysed in windows of 100 ms
    }
  });

  test("a process that dies in the middle of a call leaves its caller with another agent, within 2.5 s", async () => {
    const placed = system.call(flow, { holdMs: 9_000 });
    const greeted = await next("greeting.finished");
    await pause(500);
    const killedAt = Date.now();
    process.kill(Number(greeted.fields.pid), "SIGKILL");
    const again = await next("greeting.finished");
    expect(again.at - killedAt).toBeLessThan(2_500);
    const { caller } = await placed;
    expect(caller.endedBy).toBe("caller");
    expect(scoreOf(caller).slice(-2)).toEqual(["greeting", "caller"]);
    expect(heardBy(caller).filter(({ what }) => what === "greeting").length).toBeGreaterThanOrEqual(2);
    expect(await system.leftovers()).toEqual({ rooms: [], calls: [], legs: 0 });
  });
});
