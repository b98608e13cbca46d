import { AgentBench, found, type Line } from "./worker.ts";

jest.setTimeout(60_000);

const bench = new AgentBench();
beforeAll(() => bench.start());
afterAll(() => bench.stop());

const hears = (lines: Line[], hz: number, since: number) =>
  found(lines, (line) => line.event === "heard" && line.time > since && Math.abs((line.hz as number) - hz) < 5);

test("an agent whose own connection breaks off stays with its caller, hears it again, and leaves when the caller has left", async () => {
  const call = await bench.newCall("dial", 0);
  await bench.startLoneAgent("reconnecting-agent.ts", call);
  const caller = await bench.joinCaller(call);
  caller.obey('attributes {"sip.callStatus":"active"}');
  caller.obey("say 1000");

  await bench.event("told.left");
  const { time } = await bench.event("agent.termination_ignored");
  caller.obey("say 1500");
  await hears(caller.lines, 1_500, time);
  expect(bench.lines.filter((line) => line.event === "call.ended")).toEqual([]);

  caller.obey("leave");
  expect(await bench.event("call.ended", call)).toMatchObject({ reason: "caller_left" });
});
