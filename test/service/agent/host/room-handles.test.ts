import { roomName } from "../../../../service/shared/index.ts";
import { AgentBench } from "../worker.ts";

jest.setTimeout(60_000);

const bench = new AgentBench();
beforeAll(() => bench.start());
afterAll(() => bench.stop());

test.each(["the caller left", "LiveKit has closed"])(
  "a room that %s is subscribed to nothing any more",
  async (how) => {
    const call = await bench.newCall("dial", 0);
    await bench.startLoneAgent("host/left-behind.ts", call);
    await bench.event("call.prepared", call);
    if (how === "LiveKit has closed") await bench.rooms.deleteRoom(roomName(call.callId));
    else {
      const caller = await bench.joinCaller(call);
      caller.obey('attributes {"sip.callStatus":"active"}');
      await bench.event("greeting.finished", call);
      caller.obey("leave");
    }
    expect(await bench.event("call.left_behind", call)).toMatchObject({ listeners: 0 });
  },
);
