import { RoomAgentDispatch, RoomConfiguration } from "livekit-server-sdk";
import pino from "pino";
import { doctor } from "../../cli/commands/doctor.ts";
import { explain } from "../../cli/commands/explain.ts";
import { LiveKitConnection } from "../../service/agent/worker/livekit-connection.ts";
import { AGENT_NAME } from "../../service/shared/index.ts";
import { recordedIO } from "../cli/recorded-io.ts";
import { type SipProject, startSipProject } from "./sip-project.ts";

/** What `explain` says that a caller hears, beside what a caller hears, on real servers. */

jest.setTimeout(60_000);

const CALLER = "+491711234567";
const CALLED = "+493012345670";

let project: SipProject;

beforeAll(async () => {
  project = await startSipProject();
  const { sipTrunkId } = await project.api.createSipInboundTrunk("office", [CALLED], {
    allowedAddresses: ["127.0.0.0/8"],
  });
  trunkIds = [sipTrunkId];
}, 300_000); // the servers may have to be built first
afterAll(async () => project?.stop());

let trunkIds: string[];
let ruleId: string | undefined;

/** The trunk's only rule from now on. */
async function dispatchTo(agentName: string | undefined): Promise<void> {
  if (ruleId !== undefined) await project.api.deleteSipDispatchRule(ruleId);
  for (const { name } of await project.rooms.listRooms()) await project.rooms.deleteRoom(name);
  const agents = agentName === undefined ? [] : [new RoomAgentDispatch({ agentName })];
  const rule = await project.api.createSipDispatchRule(
    { type: "individual", roomPrefix: "call-" },
    { trunkIds, name: "office", roomConfig: new RoomConfiguration({ agents }) },
  );
  ruleId = rule.sipDispatchRuleId;
}

async function explained(...more: string[]) {
  const io = recordedIO(project.environment);
  const args = ["--from", CALLER, "--to", CALLED, "--source-ip", "127.0.0.1", "--json", ...more];
  return { code: await explain(args, io), ...io.json() };
}

async function findings(): Promise<string[]> {
  const io = recordedIO(project.environment);
  await doctor(["--json"], io);
  return (io.json() as { findings: { code: string }[] }).findings.map(({ code }) => code);
}

const call = (timeoutMs: number) => project.call({ from: CALLER, to: CALLED, timeoutMs });

test("a rule without an agent: ringing, as explain and doctor say beforehand", async () => {
  await dispatchTo(undefined);
  expect(await explained()).toMatchObject({ code: 2, reachesRoom: true, hears: { answered: "no" } });
  expect(await findings()).toContain("RULE_WITHOUT_AGENT");
  const { answered, timeline } = await call(4_000);
  expect({ answered, events: timeline.map(({ event }) => event) }).toEqual({
    answered: false,
    events: ["invite", "ringing"],
  });
});

test("an agent that no worker has: not known before a call, known after it", async () => {
  await dispatchTo("reception");
  expect(await explained()).toMatchObject({
    code: 0,
    hears: { answered: "unknown", agents: [{ registered: "unknown" }] },
  });
  const ringing = call(9_000);
  await new Promise((resolve) => setTimeout(resolve, 7_000));
  expect(await explained()).toMatchObject({
    code: 2,
    hears: { answered: "no", agents: [{ name: "reception", registered: "no" }] },
  });
  expect(await findings()).toContain("AGENT_NOT_REGISTERED");
  expect(await ringing).toMatchObject({ answered: false });
});

test("--probe asks for the agent in an empty room, and leaves nothing behind", async () => {
  await dispatchTo(AGENT_NAME);
  expect(await explained("--probe")).toMatchObject({ code: 2, hears: { agents: [{ registered: "no" }] } });
  const worker = new LiveKitConnection(
    { url: project.url, apiKey: project.apiKey, apiSecret: project.apiSecret },
    {
      registered: () => undefined,
      offered: () => true,
      assigned: () => undefined,
      terminated: () => undefined,
      load: () => 0,
    },
    pino({ enabled: false }),
  );
  const running = worker.run();
  await registered();
  expect(await explained("--probe")).toMatchObject({
    code: 0,
    hears: { answered: "yes", agents: [{ registered: "yes" }] },
  });
  worker.close();
  await running;
  expect(await project.rooms.listRooms()).toEqual([]);

  async function registered(): Promise<void> {
    while ((await explained("--probe")).code !== 0) await new Promise((resolve) => setTimeout(resolve, 100));
  }
});
