import { doctor } from "../../../cli/commands/doctor.ts";
import { explain } from "../../../cli/commands/explain.ts";
import { ProjectFiles } from "../projects.ts";
import { recordedIO } from "../recorded-io.ts";

const COUNT = 3_000;
const MOST_MS = 2_000;

const files = new ProjectFiles();
afterAll(() => files.remove());

const id = (kind: string, index: number) => `${kind}_${String(index).padStart(6, "0")}`;
const every = <Value>(make: (index: number) => Value) => Array.from({ length: COUNT }, (_, index) => make(index));

const PROJECTS = {
  "each trunk with its numbers and its rule": {
    inboundTrunks: every((index) => ({
      sipTrunkId: id("ST", index),
      numbers: [`+4930${1_000_000 + index}`, `0049301${index}`],
      allowedAddresses: ["203.0.113.0/28", `198.51.${index >> 8}.${index & 255}`],
      ...(index % 3 === 0 && { authUsername: "carrier", authPassword: "[hidden]" }),
    })),
    dispatchRules: every((index) => ({
      sipDispatchRuleId: id("SDR", index),
      trunkIds: [id("ST", index)],
      numbers: [`+4930${1_000_000 + index}`],
      rule: { dispatchRuleIndividual: { roomPrefix: "call" } },
      roomConfig: { agents: [{ agentName: "my-telephony-agent" }] },
    })),
  },
  "every trunk and every rule clashing with every other": {
    inboundTrunks: every((index) => ({ sipTrunkId: id("ST", index), allowedAddresses: ["0.0.0.0/0"] })),
    dispatchRules: every((index) => ({ sipDispatchRuleId: id("SDR", index), rule: { dispatchRuleIndividual: {} } })),
  },
  "rules of a kind that this version does not know": {
    inboundTrunks: every((index) => ({ sipTrunkId: id("ST", index), numbers: [`+4930${1_000_000 + index}`] })),
    dispatchRules: every((index) => ({
      sipDispatchRuleId: id("SDR", index),
      trunkIds: [id("ST", index)],
      rule: { dispatchRuleNew: {} },
    })),
  },
};

/** Of this process, whatever else the machine does. */
async function cpuMs(work: () => Promise<number>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

describe.each(Object.entries(PROJECTS))(`${COUNT} trunks and ${COUNT} rules, %s`, (_, project) => {
  test(`explain and doctor take less than ${MOST_MS} ms each, and fill no screen`, async () => {
    const file = ["--file", files.write(project)];
    const io = recordedIO();
    const call = ["--from", "+491711234567", "--to", "+49301000000", "--source-ip", "203.0.113.1"];
    expect(await cpuMs(() => explain([...call, ...file], io))).toBeLessThan(MOST_MS);
    expect(await cpuMs(() => doctor(file, io))).toBeLessThan(MOST_MS);
    expect(io.text().split("\n").length).toBeLessThan(400);
  });
});
