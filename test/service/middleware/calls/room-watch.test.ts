import type { AgentView } from "../../../../service/middleware/livekit/views.ts";
import { agentInvite, dialledCall, eventually, ScriptedRooms, type Service, startService } from "../support.ts";

/** Rooms whose agents show this at each look. */
class RoomsWith extends ScriptedRooms {
  looks = 0;
  readonly #agentsAt: (look: number) => AgentView[];

  constructor(agentsAt: (look: number) => AgentView[]) {
    super();
    this.#agentsAt = agentsAt;
  }

  override async lookInto(callId: string) {
    const isRemoved = ({ identity }: AgentView) => this.done.includes(`removeAgent ${identity}`);
    this.agents = this.#agentsAt(++this.looks).filter((agent) => !isRemoved(agent));
    return super.lookInto(callId);
  }
}

async function liveCall(rooms: ScriptedRooms): Promise<Service> {
  const service = startService({}, rooms);
  const callId = await dialledCall(service);
  await service.hook("/livekit-api/agent-leg", agentInvite(callId));
  return service;
}

const replacements = ({ done }: ScriptedRooms) => done.filter((step) => /removeAgent|replaceAgent/.test(step));

test("an agent without a heartbeat is taken out of its room and replaced; one that beats or never did is left alone", async () => {
  const dead = new RoomsWith(() => [{ identity: "agent-dead", ready: true, beat: "12" }]);
  const alive = new RoomsWith((look) => [{ identity: "agent-alive", ready: true, beat: String(look) }]);
  const other = new RoomsWith(() => [{ identity: "agent-of-another-version", ready: true }]);
  const services = await Promise.all([dead, alive, other].map(liveCall));
  await eventually(() => dead.count("replaceAgent") === 1);
  expect(replacements(dead)).toEqual(["removeAgent agent-dead", "replaceAgent"]);
  expect(services[0]?.logged).toContainEqual(expect.objectContaining({ event: "agent.lost" }));
  for (const rooms of [alive, other]) {
    const seen = rooms.looks;
    await eventually(() => rooms.looks > seen + 1);
    expect(replacements(rooms)).toEqual([]);
  }
  await Promise.all(services.map(({ app }) => app.close()));
});
