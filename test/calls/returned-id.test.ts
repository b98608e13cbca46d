import { explain } from "../../cli/commands/explain.ts";
import { recordedIO } from "../cli/recorded-io.ts";
import { answerSip, type SipAnswerer } from "../service/middleware/sip-answerer.ts";
import { type SipProject, startSipProject } from "./sip-project.ts";

/** The pattern as it was first written: dial the id that CreateSIPParticipant returns. */

jest.setTimeout(60_000);

let project: SipProject;
let answerer: SipAnswerer;

beforeAll(async () => {
  project = await startSipProject();
  answerer = await answerSip("180 Ringing");
}, 300_000); // the servers may have to be built first
afterAll(async () => {
  answerer?.close();
  await project?.stop();
});

test("an INVITE to it is never answered, as explain says beforehand: LiveKit calls out with it, and registers nothing", async () => {
  const trunk = await project.api.createSipOutboundTrunk("sbc", `127.0.0.1:${answerer.port}`, ["+4989654321"]);
  const { sipCallId } = await project.api.createSipParticipant(trunk.sipTrunkId, "call-1", "call-1", {
    ringingTimeout: 60,
  });
  expect(sipCallId).toMatch(/^SCL_/);

  const io = recordedIO(project.environment);
  const question = ["--from", "+493012345678", "--to", sipCallId, "--source-ip", "127.0.0.1"];
  expect(await explain([...question, "--json"], io)).toBe(2);
  expect(io.json()).toMatchObject({ answer: { kind: "no-match", noTrunk: true }, trunks: [], rules: [] });

  const call = await project.call({ from: "+493012345678", to: sipCallId, timeoutMs: 5_000 });
  expect(call).toMatchObject({ answered: false, finalStatus: 408, reason: "no final answer" });
  expect(call.timeline.map(({ event }) => event)).toEqual(["invite", "ringing"]);
  await project.rooms.deleteRoom("call-1");
});
