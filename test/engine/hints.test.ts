import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runPulumi } from "../../sandbox/pulumi/cli.ts";
import { createStack, type Stack } from "./stack.ts";

/** Mistakes around the program, made for real: one sentence that says what to do, never a stack trace. */

let stack: Stack;

beforeAll(async () => {
  stack = await createStack("dev", {
    LIVEKIT_API_KEY: "key",
    LIVEKIT_API_SECRET: "secret-of-some-length-0000000000000",
  });
}, 300_000); // the CLI may have to be built first
afterAll(() => stack?.remove());

/** Preloaded into every Node of the run: it says to be this version. The real Node 20 is not on every machine. */
function pretending(version: string): NodeJS.ProcessEnv {
  const file = join(stack.folder, `node-${version}.cjs`);
  writeFileSync(file, `Object.defineProperty(process.versions, "node", { value: "${version}" });`);
  return { NODE_OPTIONS: `--require ${file}` };
}

const TRACE = /^\s+at .*:\d+|Unknown file extension|ERR_/m;

function program(text: string): void {
  writeFileSync(join(stack.project, "infra", "index.ts"), text);
}

test("Node 20: preview", async () => {
  const { code, stdout, stderr } = await stack.pulumi(["preview"], pretending("20.20.2"));
  expect(code).toBe(1);
  expect(stdout).toContain("NODE_TOO_OLD: Pulumi found Node 20.20.2 on PATH, and this program needs Node 24.");
  expect(stdout + stderr).not.toMatch(TRACE);
}, 60_000);

test("Node 20: refresh and destroy, which run no program", async () => {
  program(`
    import { AgentRestart } from "@trunkline/providers";
    const args = { host: "ws://127.0.0.1:1", stackId: "a", agentName: "a", buildHash: "", configuration: "", duringCalls: true };
    new AgentRestart("restart", args);`);
  expect((await stack.pulumi(["up", "--yes", "--skip-preview"])).code).toBe(0);
  for (const command of ["refresh", "destroy"]) {
    const run = await stack.pulumi([command, "--yes", "--skip-preview"], pretending("20.20.2"));
    expect(run.code).toBe(1);
    expect(run.stdout).toContain("NODE_TOO_OLD: Pulumi found Node 20.20.2 on PATH");
    expect(run.stdout + run.stderr).not.toMatch(TRACE);
  }
}, 120_000);

test("npm ci --ignore-scripts: the generated SDK is not compiled", async () => {
  const modules = join(stack.project, "node_modules");
  rmSync(modules);
  mkdirSync(join(modules, "@pulumi", "heroku"), { recursive: true });
  symlinkSync(join(process.cwd(), "node_modules", "@pulumi", "pulumi"), join(modules, "@pulumi", "pulumi"));
  try {
    const { code, stdout, stderr } = await stack.pulumi(["preview"]);
    expect(code).toBe(1);
    expect(stdout).toContain("PACKAGES_INCOMPLETE: the packages were installed without their scripts");
    expect(stdout + stderr).not.toMatch(TRACE);
  } finally {
    rmSync(modules, { recursive: true });
    symlinkSync(join(process.cwd(), "node_modules"), modules);
  }
}, 60_000);

test.each(["import", "id"])(
  "the option %s",
  async (option) => {
    program(`
    import { SipOutboundTrunk } from "@trunkline/providers";
    const args = { host: "ws://127.0.0.1:1", name: "a", address: "sbc.example.com", presentedNumbers: ["+4930123456"] };
    new SipOutboundTrunk("sbc", args, { ${option}: "ST_1" });`);
    const { code, stdout, stderr } = await stack.pulumi(["preview"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/IMPORT_UNSUPPORTED: Pulumi cannot (import|read) a SipOutboundTrunk\..*`adopt`/);
    expect(stdout + stderr).not.toMatch(TRACE);
  },
  60_000,
);

test("pulumi import", async () => {
  const type = "pulumi-nodejs:dynamic/livekit:SipOutboundTrunk";
  const { code, stdout, stderr } = await stack.pulumi(["import", "--yes", type, "sbc", "ST_1"]);
  expect(code).not.toBe(0);
  expect(stdout).toContain("IMPORT_UNSUPPORTED: Pulumi cannot import Trunkline's resources.");
  expect(stdout).toContain('adopt: "ST_1"');
  expect(stdout + stderr).not.toMatch(TRACE);
}, 60_000);

test("no CLI on PATH", async () => {
  await expect(runPulumi(["version"], { env: { PATH: "/nowhere" } })).rejects.toMatchObject({
    code: "PULUMI_MISSING",
    message: "There is no `pulumi` on PATH",
  });
});
