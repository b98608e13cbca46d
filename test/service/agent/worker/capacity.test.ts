import { setTimeout as sleep } from "node:timers/promises";
import { AgentDispatchClient } from "livekit-server-sdk";
import { AGENT_NAME, type CallContext, roomName } from "../../../../service/shared/index.ts";
import { AgentBench, found, type Line } from "../worker.ts";

jest.setTimeout(60_000);

const bench = new AgentBench();
beforeAll(() => bench.start({ AGENT_MAX_CALLS: "2" }));
afterAll(() => bench.stop());

const published = () => bench.lines.filter(({ event }) => event === "agent.track_published");
const agentsIn = async ({ callId }: CallContext) => (await bench.rooms.listParticipants(roomName(callId))).length;

test("of three calls for a worker of two, one is left at once to whoever dispatched it, and gets the agent when there is room", async () => {
  const calls = await Promise.all([1, 2, 3].map(() => bench.newCall("dial")));
  await found(bench.lines, () => published().length === 2, "two agents");
  await sleep(1_000);
  expect(published()).toHaveLength(2);
  const [refused] = calls.filter(({ callId }) => !published().some((line: Line) => line.callId === callId));
  if (!refused) throw new Error("No call was refused");
  expect(await agentsIn(refused)).toBe(0);

  const served = calls.find((call) => call !== refused) as CallContext;
  await bench.rooms.deleteRoom(roomName(served.callId));
  await bench.event("call.ended", served);
  await dispatchUntilServed(refused);
  await Promise.all(
    calls.filter((call) => call !== served).map(({ callId }) => bench.rooms.deleteRoom(roomName(callId))),
  );
});

/** As the middleware does: LiveKit may not know yet that there is room again, and does not repeat a dispatch by itself. */
async function dispatchUntilServed(call: CallContext): Promise<void> {
  const { httpUrl, apiKey, apiSecret } = bench.livekit;
  const dispatches = new AgentDispatchClient(httpUrl, apiKey, apiSecret);
  const isServed = () => published().some(({ callId }) => callId === call.callId);
  for (let attempt = 1; !isServed(); attempt++) {
    if (attempt > 5) throw new Error("The agent did not come, after five dispatches");
    await dispatches.createDispatch(roomName(call.callId), AGENT_NAME, { metadata: JSON.stringify(call) });
    for (const end = Date.now() + 3_000; !isServed() && Date.now() < end; ) await sleep(50);
  }
}
