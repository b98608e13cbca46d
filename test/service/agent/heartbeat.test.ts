import { setTimeout as sleep } from "node:timers/promises";
import { BEAT_ATTRIBUTE, roomName } from "../../../service/shared/index.ts";
import { AgentBench } from "./worker.ts";

jest.setTimeout(60_000);

const bench = new AgentBench();
beforeAll(() => bench.start());
afterAll(() => bench.stop());

const LIMIT_MS = 15_000;

/** The heartbeats that the agents of a room show, by identity. */
async function beats(room: string): Promise<Record<string, number>> {
  const participants = await bench.rooms.listParticipants(room).catch(() => []);
  const agents = participants.filter(({ identity }) => identity.startsWith("agent-"));
  return Object.fromEntries(
    agents.map(({ identity, attributes }) => [identity, Number(attributes[BEAT_ATTRIBUTE] ?? 0)]),
  );
}

async function until<Result>(look: () => Promise<Result | undefined>): Promise<Result> {
  for (const end = Date.now() + LIMIT_MS; Date.now() < end; await sleep(50)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`not within ${LIMIT_MS} ms: ${look}`);
}

/** Until the agent's number has grown twice. */
async function growing(room: string, agent: string): Promise<void> {
  const first = await until(async () => (await beats(room))[agent]);
  await until(async () => ((await beats(room))[agent] ?? 0) > first + 1 || undefined);
}

test("an agent shows a growing number beside its name and build; so does the one that takes up a call of a dead process", async () => {
  const call = await bench.newCall("dial");
  const room = roomName(call.callId);
  const { pid } = await bench.event("agent.track_published", call);
  const agent = await until(async () => Object.keys(await beats(room))[0]);
  await growing(room, agent);
  const { attributes } = await bench.rooms.getParticipant(room, agent);
  expect(Object.keys(attributes)).toEqual(expect.arrayContaining(["lk.agent.name", "trunkline.build", BEAT_ATTRIBUTE]));
  process.kill(pid as number, "SIGKILL");
  await growing(room, `${agent}-2`);
  expect(Object.keys(await beats(room))).toEqual([`${agent}-2`]);
  await bench.rooms.deleteRoom(room);
});
