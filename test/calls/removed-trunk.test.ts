import { setTimeout as sleep } from "node:timers/promises";
import { dispose, type Room } from "@livekit/rtc-node";
import { explain } from "../../cli/commands/explain.ts";
import { recordedIO } from "../cli/recorded-io.ts";
import { joinAsAgent } from "../service/middleware/agent-participant.ts";
import { type SipProject, startSipProject } from "./sip-project.ts";

/** What becomes of a call whose trunk is deleted: measured, because a clean-up has to know. */

jest.setTimeout(60_000);

const HOLD_MS = 4_000;
const PACKETS_PER_SECOND = 50;

let project: SipProject;
let agent: Room;

beforeAll(async () => {
  project = await startSipProject();
  agent = await joinAsAgent(project, "lobby");
}, 300_000); // the servers may have to be built first
afterAll(async () => {
  await agent?.disconnect();
  await project?.stop();
  await dispose();
});

const callers = async () =>
  (await project.rooms.listParticipants("lobby")).filter(({ identity }) => identity !== "agent");

test("it goes on, with its audio, until somebody hangs up; only new calls do not get in", async () => {
  const trunk = await project.api.createSipInboundTrunk("carrier", [], { allowedAddresses: ["127.0.0.0/8"] });
  await project.api.createSipDispatchRule(
    { type: "direct", roomName: "lobby" },
    { name: "lobby", trunkIds: [trunk.sipTrunkId] },
  );
  let answered: (() => void) | undefined;
  const isAnswered = new Promise<void>((resolve) => {
    answered = resolve;
  });
  const call = project.call({
    from: "+493012345678",
    to: "+4989654321",
    holdMs: HOLD_MS,
    onEvent: ({ event }) => event === "answered" && answered?.(),
  });
  await isAnswered;
  await sleep(500);
  await project.api.deleteSipTrunk(trunk.sipTrunkId);
  expect(await project.api.listSipInboundTrunk()).toEqual([]);

  await sleep(2_500);
  expect(await callers()).toMatchObject([
    { attributes: { "sip.trunkID": trunk.sipTrunkId, "sip.callStatus": "active" } },
  ]);
  const { endedBy, rtp } = await call;
  expect(endedBy).toBe("caller");
  expect(rtp.received).toBeGreaterThan(0.8 * (HOLD_MS / 1_000) * PACKETS_PER_SECOND);

  const io = recordedIO(project.environment);
  expect(
    await explain(["--from", "+493012345678", "--to", "+4989654321", "--source-ip", "127.0.0.1", "--json"], io),
  ).toBe(2);
  expect(io.json()).toMatchObject({ answer: { kind: "no-match", noTrunk: true } });
});
