import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runPulumi } from "../../sandbox/pulumi/cli.ts";
import { liveObjects } from "./live-objects.ts";
import { createStack, type LiveKit, must, type Stack, startLiveKit } from "./stack.ts";

/** Stacks that are renamed, moved and made twice, on the real engine: what they have in LiveKit stays theirs, with its ids. */

jest.setTimeout(120_000);

const UP = ["up", "--yes", "--skip-preview"];
const UNCHANGED = ["preview", "--expect-no-changes"];

let livekit: LiveKit;
let stack: Stack;
/** The stack's name now; `-s` of every command. */
let name: string;

/** `pulumi` on a stack of this backend, in a folder of a checkout. */
const pulumi = (args: string[], { env = stack.env, cwd = stack.project, of = name } = {}) =>
  runPulumi([...args, ...(args.includes("--source") ? [] : ["--stack", of])], { env, cwd, timeoutMs: 60_000 });

beforeAll(async () => {
  livekit = await startLiveKit();
  stack = await createStack("dev", livekit.keys);
  name = "dev";
  await configure(stack, "dev");
}, 300_000); // the servers may have to be built first

afterAll(async () => {
  await livekit?.stop();
  stack?.remove();
});

async function configure({ env, project }: Stack, of: string): Promise<void> {
  const secret = (value: string) => ({ value, secret: true });
  const values = {
    "trunkline:livekitUrl": { value: livekit.url },
    "trunkline:callFlow": { value: "dial" },
    "trunkline:sipPassword": secret("canary/sip+password"),
    "trunkline:jambonzWebhookSecret": secret("canary&webhook=secret"),
  };
  await must(pulumi(["config", "set-all", "--json", JSON.stringify(values)], { env, cwd: project, of }));
}

const live = () => liveObjects(livekit);

/** The next `up` after whatever was done replaces nothing, and ends with the same objects under these names. */
async function staysInPlace(names: { project: string; stack: string }, resources = ["sbc", "dial", "dial"]) {
  const before = await live();
  const { stdout } = await must(pulumi(UP));
  expect(stdout).not.toMatch(/replaced|deleted|created/);
  const after = await live();
  expect(after.ids).toEqual(before.ids);
  const stackId = before.marks[0]?.stackId;
  expect(after.marks).toEqual(resources.map((resource) => ({ stackId, ...names, name: resource })));
  expect((await pulumi(UNCHANGED)).code).toBe(0);
  expect((await pulumi(["refresh", "--preview-only", "--expect-no-changes"])).code).toBe(0);
}

function edit(file: string, before: string, after: string): void {
  const path = join(stack.project, file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(before);
  writeFileSync(path, text.replace(before, after));
}

const urnOf = (type: string, resource: string, project: string) =>
  `urn:pulumi:${name}::${project}::pulumi-nodejs:dynamic/livekit:${type}::${resource}`;

/** Of all resources of ours in the state. */
async function urns(): Promise<string[]> {
  const { deployment } = JSON.parse((await must(pulumi(["stack", "export"]))).stdout);
  const all: { urn: string; type: string }[] = deployment.resources;
  return all.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/")).map(({ urn }) => urn);
}

test("a stack that is up carries one random identity in every mark", async () => {
  await must(pulumi(UP));
  const { marks } = await live();
  const { stackId } = marks[0] ?? {};
  expect(stackId).toMatch(/^[a-z2-7]{20}$/);
  expect(marks).toEqual(
    ["sbc", "dial", "dial"].map((each) => ({ stackId, project: "trunkline", stack: "dev", name: each })),
  );
  expect((await pulumi(UNCHANGED)).code).toBe(0);
});

describe("a stack of the same names in another backend", () => {
  let second: Stack;
  const there = (args: string[]) => pulumi(args, { env: second.env, cwd: second.project });

  beforeAll(async () => {
    second = await createStack("dev", livekit.keys);
    await configure(second, "dev");
  });
  afterAll(() => second?.remove());

  test("is refused in preview, which names each object of the first and how to adopt it", async () => {
    const before = await live();
    const { code, stdout } = await there(["preview"]);
    expect(code).toBe(1);
    // The engine stops at the first: the next preview names the next.
    const [, id = "", stackId] = /OWNED_BY_ANOTHER: .*\/dev\/.* adopt: "(\w+)@(\w+)"/.exec(stdout) ?? [];
    expect(before.ids).toContain(id);
    expect(stackId).toBe(before.marks[0]?.stackId);
    expect(await live()).toEqual(before);
  });

  test("changes nothing with up, and its destroy deletes nothing", async () => {
    const before = await live();
    expect((await there(UP)).code).toBe(1);
    await must(there(["destroy", "--yes", "--skip-preview"]));
    expect(await live()).toEqual(before);
  });

  test("takes over what is said with its owner; then the first one's destroy deletes nothing, and its own gives all back", async () => {
    const before = await live();
    const [sbc, dial, rule] = before.ids.map((id) => `${id}@${before.marks[0]?.stackId}`);
    const values = {
      "trunkline:adoptOutboundTrunk": { value: sbc },
      "trunkline:adopt": { value: JSON.stringify({ inboundTrunk: dial, dispatchRule: rule }) },
    };
    await must(there(["config", "set-all", "--json", JSON.stringify(values)]));
    await must(there(UP));
    const taken = await live();
    expect(taken.ids).toEqual(before.ids);
    expect(taken.marks[0]?.stackId).not.toBe(before.marks[0]?.stackId);

    const destroyed = await pulumi(["destroy", "--yes", "--skip-preview"]);
    expect(destroyed.code).toBe(1);
    expect(destroyed.stdout).toContain("OWNED_BY_ANOTHER: ");
    expect(await live()).toEqual(taken);

    await must(there(["destroy", "--yes", "--skip-preview"]));
    expect(await live()).toEqual(before);
    await must(pulumi([...UP, "--refresh"]));
    expect((await live()).ids).toEqual(before.ids);
  });
});

describe("what a stack has stays its own, in place", () => {
  /** Previewed. No refresh follows before the renames below. */
  async function replaceAll(): Promise<void> {
    const before = await live();
    const replace = (await urns()).flatMap((urn) => ["--replace", urn]);
    const { stdout } = await must(pulumi(["up", "--yes", ...replace]));
    for (const what of ["5 to replace", "5 replaced"]) expect(stdout).toContain(what);
    expect(await live()).toEqual(before);
    expect((await pulumi(UNCHANGED)).code).toBe(0);
  }

  test("when guard, trunks and rule are replaced in one up", replaceAll);

  test("when they are, in a program without outputs", async () => {
    const [program, silent] = ["  return Object.fromEntries(", "  return {};\n  Object.fromEntries("];
    edit("infra/main.mjs", program, silent);
    await must(pulumi(UP));
    await replaceAll();
    edit("infra/main.mjs", silent, program);
    await must(pulumi(UP));
  });

  test("after pulumi stack rename", async () => {
    await must(pulumi(["stack", "rename", "prod"]));
    name = "prod";
    await staysInPlace({ project: "trunkline", stack: "prod" });
  });

  test("in a renamed project", async () => {
    edit("Pulumi.yaml", "name: trunkline", "name: phones");
    await must(pulumi(["stack", "rename", "organization/phones/prod"], { of: "organization/trunkline/prod" }));
    await staysInPlace({ project: "phones", stack: "prod" });
  });

  test("after pulumi state rename", async () => {
    await must(pulumi(["state", "rename", urnOf("SipInboundTrunk", "dial", "phones"), "phone", "--yes"]));
    await must(pulumi(["state", "rename", urnOf("SipDispatchRule", "dial", "phones"), "phone", "--yes"]));
    await must(pulumi(["state", "rename", urnOf("SipOutboundTrunk", "sbc", "phones"), "out", "--yes"]));
    edit("infra/livekit-inbound.ts", 'const NAME = "dial"', 'const NAME = "phone"');
    edit("infra/livekit.ts", 'SipOutboundTrunk("sbc"', 'SipOutboundTrunk("out"');
    await staysInPlace({ project: "phones", stack: "prod" }, ["out", "phone", "phone"]);
  });

  test("in a copy of the checkout", async () => {
    const copy = join(stack.folder, "moved");
    cpSync(stack.project, copy, { recursive: true, verbatimSymlinks: true });
    expect((await pulumi(UNCHANGED, { cwd: copy })).code).toBe(0);
    rmSync(copy, { recursive: true });
  });
});

describe("pulumi state move", () => {
  /** With a stack file like the first one's, except for the salt. */
  async function newStack(of: string): Promise<void> {
    await must(pulumi(["stack", "init"], { of }));
    await must(pulumi(["config", "cp", "--dest", of]));
  }

  const moveTo = (dest: string, moved: string[]) =>
    must(pulumi(["state", "move", "--source", name, "--dest", dest, "--yes", ...moved]));

  test("of the whole stack takes the identity along", async () => {
    await newStack("staging");
    await moveTo("staging", await urns());
    name = "staging";
    await staysInPlace({ project: "phones", stack: "staging" }, ["out", "phone", "phone"]);
  });

  test("of trunks and rule alone, to a stack with another identity", async () => {
    const before = await live();
    await newStack("berlin");
    await moveTo(
      "berlin",
      (await urns()).filter((urn) => /Sip(Out|In)boundTrunk|SipDispatchRule/.test(urn)),
    );
    name = "berlin";
    await must(pulumi(["preview"]));
    await must(pulumi(UP));
    const after = await live();
    expect(after.ids).toEqual(before.ids);
    expect(after.marks[0]?.stackId).not.toBe(before.marks[0]?.stackId);
    expect(new Set(after.marks.map((mark) => mark?.stackId)).size).toBe(1);
    expect((await pulumi(UNCHANGED)).code).toBe(0);
  });
});
