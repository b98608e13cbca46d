import { AgentBench, found } from "./worker.ts";

jest.setTimeout(60_000);

const bench = new AgentBench();
beforeAll(() => bench.start());
afterAll(() => bench.stop());

test("a call that goes on 25 s after SIGTERM is told, and its caller stays in the room for the next agent", async () => {
  const call = await bench.newCall("dial");
  const caller = await bench.joinCaller(call);
  caller.obey('attributes {"sip.callStatus":"active"}');
  await bench.event("greeting.finished", call);
  caller.obey("say 1000");
  process.kill(bench.worker.pid, "SIGTERM");
  const askedAt = Date.now();
  expect(await bench.worker.exited).toBe(0);
  expect(Date.now() - askedAt).toBeGreaterThan(25_000);
  expect(Date.now() - askedAt).toBeLessThan(29_000);
  expect(await bench.event("call.ended", call)).toMatchObject({ reason: "worker_stopped" });
  const told = caller.lines.filter((line) => line.event === "heard" && line.time > askedAt + 25_000);
  expect(told.some((line) => Math.abs((line.hz as number) - 700) < 8)).toBe(true);
  expect(caller.lines.some((line) => line.event === "disconnected")).toBe(false);
});

test("when the worker is killed, its host processes leave the rooms at once, so that the next agent is sent there", async () => {
  const worker = await bench.startWorker();
  const isRegistered = () => bench.lines.filter((line) => line.event === "agent.registered").length === 2;
  await found(bench.lines, isRegistered, "the second worker");
  const call = await bench.newCall("dial");
  const caller = await bench.joinCaller(call);
  caller.obey('attributes {"sip.callStatus":"active"}');
  await bench.event("greeting.finished", call);
  process.kill(worker.pid, "SIGKILL");
  const killedAt = Date.now();
  const left = await found(caller.lines, (line) => line.event === "left", "the agent's leaving");
  expect(left.time - killedAt).toBeLessThan(3_000);
});
