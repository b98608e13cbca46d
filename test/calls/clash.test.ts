import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dispose, type Room } from "@livekit/rtc-node";
import { doctor } from "../../cli/commands/doctor.ts";
import { explain } from "../../cli/commands/explain.ts";
import { restore } from "../../cli/commands/restore.ts";
import { recordedIO } from "../cli/recorded-io.ts";
import { createStack, must, type Stack } from "../engine/stack.ts";
import { joinAsAgent } from "../service/middleware/agent-participant.ts";
import { type SipProject, startSipProject } from "./sip-project.ts";

/**
 * The `503 Try again later` of a configuration, on real servers: shown, predicted, found, cured by `pulumi up`, and brought
 * back by a restore. Every INVITE has a Call-ID of its own.
 */

jest.setTimeout(120_000);

const CALLS = 5;
const CALLER = "+4930123";
const ROOM = "call-a1";
const PASSWORD = "password-of-the-carrier";

let project: SipProject;
let stack: Stack;
let agent: Room;
let made: { inboundTrunkIds: string[]; dispatchRuleIds: string[] };

beforeAll(async () => {
  project = await startSipProject();
  made = await seedClash();
  agent = await joinAsAgent(project, ROOM);
  stack = await createStack("dev", project.environment);
  cpSync("test/calls/inbound-program.ts", join(stack.project, "infra", "index.ts"));
  await must(stack.pulumi(["config", "set", "livekitUrl", project.url]));
  await must(stack.pulumi(["config", "set", "--secret", "sipPassword", PASSWORD]));
}, 300_000); // the servers may have to be built first
afterAll(async () => {
  await agent?.disconnect();
  await project?.stop();
  stack?.remove();
  await dispose();
});

/** Two hand-made trunks without numbers, told apart by who calls and from where; LiveKit's API accepts both. */
async function seedClash(): Promise<typeof made> {
  const { api } = project;
  const trunks = [
    await api.createSipInboundTrunk("by hand: carrier", [], {
      authUsername: "carrier",
      authPassword: PASSWORD,
      allowedNumbers: [CALLER],
    }),
    await api.createSipInboundTrunk("by hand: SBC", [], { allowedAddresses: ["127.0.0.0/8"] }),
  ].map(({ sipTrunkId }) => sipTrunkId);
  const rules = [];
  for (const id of trunks)
    rules.push(
      await api.createSipDispatchRule({ type: "callee", roomPrefix: "" }, { name: "by hand", trunkIds: [id] }),
    );
  return { inboundTrunkIds: trunks, dispatchRuleIds: rules.map((rule) => rule.sipDispatchRuleId) };
}

/** The same calls each time: from the carrier, with its credentials; one after another, since one identity is in a room only once. */
async function callsOfTheCarrier(): Promise<string[]> {
  const answers: string[] = [];
  for (let call = 1; call <= CALLS; call += 1) {
    const { finalStatus, reason } = await project.call({
      from: CALLER,
      to: ROOM,
      auth: { username: "carrier", password: PASSWORD },
    });
    answers.push(`${finalStatus} ${reason}`);
  }
  return answers;
}

const all = (answer: string) => Array.from({ length: CALLS }, () => answer);
const io = () => recordedIO(project.environment, stack.project);

async function explained(): Promise<{ code: number; report: Record<string, unknown> }> {
  const output = io();
  const question = ["--from", CALLER, "--to", ROOM, "--source-ip", "127.0.0.1", "--auth", "carrier:known", "--json"];
  return { code: await explain(question, output), report: output.json() };
}

test("overlapping trunks: every call is refused with 503, and explain says so, with the trunks that clash", async () => {
  expect(await explained()).toMatchObject({
    code: 2,
    report: {
      answer: {
        kind: "refused",
        sip: { status: 503, reason: "Try again later" },
        because: "trunks-without-numbers",
        candidates: expect.arrayContaining(made.inboundTrunkIds),
      },
    },
  });
  expect(await callsOfTheCarrier()).toEqual(all("503 Try again later"));
});

test("a stack that would stand beside them is refused in preview, with an example call", async () => {
  const { code, stdout } = await stack.pulumi(["preview"]);
  expect(code).not.toBe(0);
  expect(stdout).toContain("ROUTING_CONFLICT");
  expect(stdout).toContain("is answered 503 Try again later");
});

test("doctor finds it, and proposes what no stack has declared", async () => {
  const output = io();
  expect(await doctor(["--write", "--json"], output)).toBe(2);
  const report = output.json();
  expect(report).toMatchObject({
    findings: expect.arrayContaining([expect.objectContaining({ code: "CALLS_CLASH" })]),
    causes503: expect.arrayContaining([expect.objectContaining({ kind: "configuration", state: "found" })]),
    written: { file: "Pulumi.dev.yaml" },
  });
  const file = readFileSync(join(stack.project, "Pulumi.dev.yaml"), "utf8");
  for (const id of [...made.inboundTrunkIds, ...made.dispatchRuleIds]) expect(file).toContain(`- ${id} # by hand`);
  expect(file).toContain("# Hand-made objects of earlier set-ups");
});

test("after pulumi up the same calls are answered, every one", async () => {
  await must(stack.pulumi(["up", "--yes", "--skip-preview"], { TRUNKLINE_WORK_FOLDER: stack.project }));
  expect(await explained()).toMatchObject({ code: 0, report: { answer: { kind: "room", room: { name: ROOM } } } });
  expect(await callsOfTheCarrier()).toEqual(all("200 OK"));
  const output = io();
  expect(await doctor(["--json"], output)).toBe(0);
});

test("a restore of what was removed would bring the clash back, and says so before", async () => {
  const output = io();
  const file = join(stack.project, "legacy-trunkline-dev.json");
  await expect(restore([file], output)).rejects.toMatchObject({ code: "NOT_CONFIRMED" });
  expect(output.text()).toMatch(/^warning {2}brings a clash: .*503 Try again later/m);
  expect(output.text()).toContain(`create   "by hand: SBC" (was ${made.inboundTrunkIds[1]})`);
  expect(output.text()).not.toContain(PASSWORD);
});
