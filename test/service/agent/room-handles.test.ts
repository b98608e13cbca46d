import { roomName } from "../../../service/shared/index.ts";
import { AgentBench } from "./worker.ts";

jest.setTimeout(60_000);

const bench = new AgentBench();
beforeAll(() => bench.start());
afterAll(() => bench.stop());

test("a room that the agent has left is subscribed to nothing any more, and nobody speaks there", async () => {
  const call = await bench.newCall("dial", 0);
  await bench.startLoneAgent("left-behind.ts", call);
  await bench.event("call.prepared", call);
  const caller = await bench.joinCaller(call);
  caller.obey('attributes {"sip.callStatus":"active"}');
  await bench.event("greeting.finished", call);
  caller.obey("leave");
  expect(await bench.event("call.left_behind", call)).toMatchObject({ listeners: 0, voices: 0 });
});

test("a room that LiveKit has closed is subscribed to nothing any more", async () => {
  const call = await bench.newCall("dial", 0);
  await bench.startLoneAgent("left-behind.ts", call);
  await bench.event("call.prepared", call);
  await bench.rooms.deleteRoom(roomName(call.callId));
  // Its thread stays: livekit/rust-sdks#1443. That is why the middleware has the agent leave first.
  expect(await bench.event("call.left_behind", call)).toMatchObject({ listeners: 0 });
});
