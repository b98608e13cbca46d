import { spawnSync } from "node:child_process";
import { ProjectFiles } from "../projects.ts";

const COUNT = 3_000;
const MOST_MS = 2_000;

const files = new ProjectFiles();
afterAll(() => files.remove());

const id = (kind: string, index: number) => `${kind}_${String(index).padStart(6, "0")}`;
const every = <Value>(make: (index: number) => Value) => Array.from({ length: COUNT }, (_, index) => make(index));
const twenty = (make: (index: number) => string) => Array.from({ length: 20 }, (_, index) => make(index));

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
  "the same number on every trunk, each for its own addresses": {
    inboundTrunks: every((index) => ({
      sipTrunkId: id("ST", index),
      numbers: ["+493012345670"],
      allowedAddresses: [`10.${index >> 8}.${index & 255}.0/24`],
      ...(index % 2 === 0 && { authUsername: "carrier", authPassword: "[hidden]" }),
    })),
    dispatchRules: every((index) => ({
      sipDispatchRuleId: id("SDR", index),
      trunkIds: [id("ST", index)],
      rule: { dispatchRuleDirect: { roomName: "office", pin: "1234" } },
    })),
  },
  "twenty numbers and twenty callers in every list": {
    inboundTrunks: every((index) => ({
      sipTrunkId: id("ST", index),
      numbers: twenty((one) => `+4930${1_000_000 + 20 * index + one}`),
      allowedNumbers: twenty((one) => `+49171${1_000_000 + one}`),
    })),
    dispatchRules: every((index) => ({
      sipDispatchRuleId: id("SDR", index),
      trunkIds: [id("ST", index)],
      inboundNumbers: twenty((one) => `+49171${1_000_000 + one}`),
      rule: { dispatchRuleIndividual: {} },
    })),
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

/** Milliseconds of processor time that a whole command takes, whatever else the machine does: its start and both of its processes. */
function cpuMs(...args: string[]): { ms: number; lines: number } {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["cli/trunkline.mjs", ...args], {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(TELLS_CPU)}` },
  });
  expect([0, 1, 2]).toContain(status);
  const told = [...stderr.matchAll(/^cpu (\d+)$/gm)].map(([, micros]) => Number(micros));
  expect(told).toHaveLength(2);
  return { ms: told.reduce((sum, micros) => sum + micros, 0) / 1_000, lines: stdout.split("\n").length };
}

const TELLS_CPU =
  'import fs from "node:fs"; process.on("exit", () => { const { user, system } = process.cpuUsage(); fs.writeSync(2, "\\ncpu " + (user + system) + "\\n"); })';

describe.each(Object.entries(PROJECTS))(`${COUNT} trunks and ${COUNT} rules, %s`, (_, project) => {
  test(`explain and doctor take less than ${MOST_MS} ms each as whole commands, and fill no screen`, () => {
    const file = ["--file", files.write(project)];
    const call = ["--from", "+491711234567", "--to", "+49301000000", "--source-ip", "203.0.113.1"];
    const [explained, diagnosed] = [cpuMs("explain", ...call, ...file), cpuMs("doctor", ...file)];
    expect(explained.ms).toBeLessThan(MOST_MS);
    expect(diagnosed.ms).toBeLessThan(MOST_MS);
    expect(explained.lines + diagnosed.lines).toBeLessThan(400);
  });
});
