import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { buildProviders } from "../../cli/package/providers.ts";
import { KINDS as RESOURCES } from "../../providers/dynamic/dispatch.ts";
import { pulumiEnvironment, runPulumi } from "../../sandbox/pulumi/cli.ts";
import { checkout } from "../../sandbox/root.ts";
import { findOrBuild } from "../../sandbox/toolchain/binaries.ts";
import { copyPackages, run, writeProject } from "./consumer.ts";
import { type LiveKit, must, startLiveKit } from "./stack.ts";

/** `@trunkline/providers` as its users get it: packed, and installed without the registry into projects that have nothing of the checkout. */

jest.setTimeout(240_000);

const TRUNK = { name: "SBC", address: "sbc.example.com", presentedNumbers: ["+493012345678"] };
const trunkProgram = `
const host = new pulumi.Config().require("livekitUrl");
const trunk = new SipOutboundTrunk("sbc", { host, ...${JSON.stringify(TRUNK)} });
`;

/** A Node that is not the checkout's, where there is one. */
const otherNode =
  (process.env.PATH ?? "")
    .split(":")
    .filter((folder) => !folder.includes("node_modules"))
    .map((folder) => join(folder, "node"))
    .find((node) => spawnSync(node, ["--version"]).status === 0) ?? process.execPath;

const PROJECTS = [
  {
    kind: "TypeScript, as Pulumi makes it, with the README's example",
    node: process.execPath,
    files: {
      "index.ts": examplesIn(readFileSync("providers/README.md", "utf8"))[0] ?? "",
      "tsconfig.json": {
        compilerOptions: { strict: true, target: "es2022", module: "nodenext", skipLibCheck: true, noEmit: true },
        include: ["*.ts", "examples/*.ts"],
      },
    },
  },
  {
    kind: "ES modules",
    node: process.execPath,
    files: {
      "index.js": `import * as pulumi from "@pulumi/pulumi";
import { SipOutboundTrunk } from "@trunkline/providers";
${trunkProgram}
export const trunkId = trunk.sipTrunkId;`,
    },
    isModule: true,
  },
  {
    kind: "plain JavaScript",
    node: otherNode,
    files: {
      "index.js": `const pulumi = require("@pulumi/pulumi");
const { SipOutboundTrunk } = require("@trunkline/providers");
${trunkProgram}
exports.trunkId = trunk.sipTrunkId;`,
    },
  },
];

interface State {
  resources: { type: string; outputs?: { __provider?: string } }[];
}

const FIRST_VERSION: State = JSON.parse(readFileSync("test/engine/states/first-version.json", "utf8")).state.deployment;

let livekit: LiveKit;
let folder: string;
let installed: string;
let pulumi: string;
let languageHost: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "trunkline-package-"));
  [livekit, pulumi, languageHost] = await Promise.all([
    startLiveKit(),
    findOrBuild("pulumi"),
    findOrBuild("pulumi-language-nodejs"),
  ]);
  installed = join(folder, "installed");
  install(pack(), installed);
}, 300_000); // the servers may have to be built first

afterAll(async () => {
  await livekit?.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => livekit.wipe());

function pack(): string {
  const built = checkout(".trunkline", "packages", basename(folder));
  buildProviders(process.cwd(), built, "owner/name");
  const file = run("npm", ["pack", "--silent", "--pack-destination", folder], built).trim();
  rmSync(built, { recursive: true });
  return join(folder, file);
}

/** `--legacy-peer-deps`: npm asks the registry for a peer, even for one that is installed. */
function install(tarball: string, project: string): void {
  const ofProviders = ["zod", "livekit-server-sdk", "libphonenumber-js"];
  copyPackages(project, ["@pulumi/pulumi", "typescript", "@types/node"], ofProviders);
  const offline = ["--offline", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  run("npm", ["install", ...offline, tarball], project);
}

/** Has nothing but the installed packages. */
function emptyProject(name: string): string {
  const project = join(folder, name);
  mkdirSync(project);
  symlinkSync(join(installed, "node_modules"), join(project, "node_modules"));
  return project;
}

/** What stands in fences of TypeScript. */
function examplesIn(text: string): string[] {
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, example = ""]) => example);
}

/** By class, the example of its docstring. */
function examplesOfResources(): Record<string, string> {
  const sources = globSync("providers/**/*.ts").map((file) => readFileSync(file, "utf8"));
  const found = sources.flatMap((source) => [
    ...source.matchAll(/@example\n((?: \*.*\n)+?) \*\/\nexport class (\w+) /g),
  ]);
  return Object.fromEntries(
    found.map(([, comment = "", name]) => [name, examplesIn(comment.replaceAll(/^ \* ?/gm, "")).join("")]),
  );
}

async function createProject({ kind, node, files, isModule = false }: (typeof PROJECTS)[number]) {
  const project = emptyProject(kind.replaceAll(/\W+/g, "-"));
  writeProject(project, {
    ...files,
    "package.json": { name: "project", type: isModule ? "module" : "commonjs", main: Object.keys(files)[0] },
    "Pulumi.yaml": "name: project\nruntime: nodejs\n",
    "Pulumi.dev.yaml": `config: ${JSON.stringify({ "project:livekitUrl": livekit.url, "project:sbcAddress": TRUNK.address })}\n`,
    "work/state/.keep": "",
    "work/home/.keep": "",
  });
  const environment = pulumiEnvironment({ workFolder: join(project, "work"), pulumi, languageHost });
  const env = {
    ...process.env,
    ...environment,
    ...livekit.keys,
    PATH: `${dirname(node)}:${environment.PATH}`,
    LIVEKIT_URL: undefined,
    NODE_COMPILE_CACHE: join(folder, "compiled"), // of this run only: its paths are new each time
    PULUMI_NODEJS_TRANSPILE_ONLY: "true", // the types are checked by another test
  };
  const command = (...args: string[]) => must(runPulumi(args, { env, cwd: project, timeoutMs: 120_000 }));
  await command("stack", "init", "dev");
  const state = join(project, "work", "state", ".pulumi", "stacks", "project", "dev.json");
  return { command, state: () => JSON.parse(readFileSync(state, "utf8")).checkpoint.latest as State };
}

test.each(PROJECTS)("$kind: up, heal what was changed by hand, destroy", async (project) => {
  const { command, state } = await createProject(project);
  await command("up", "--yes", "--skip-preview");
  const [made] = await livekit.sip.listSipOutboundTrunk();
  expect(made).toMatchObject({ name: TRUNK.name, address: TRUNK.address, numbers: TRUNK.presentedNumbers });
  await livekit.sip.updateSipOutboundTrunkFields(made?.sipTrunkId ?? "", { name: "changed by hand" });
  await command("up", "--yes", "--skip-preview", "--refresh");
  const [healed] = await livekit.sip.listSipOutboundTrunk();
  expect(healed).toMatchObject({ sipTrunkId: made?.sipTrunkId, name: TRUNK.name });
  expect(stubsIn(state())).toEqual(stubsIn(FIRST_VERSION));
  await command("destroy", "--yes", "--skip-preview");
  expect(await livekit.sip.listSipOutboundTrunk()).toEqual([]);
  expect(await livekit.sip.listSipInboundTrunk()).toEqual([]);
});

/** The code that a state keeps of outbound trunks: the checkout and the package have to find each other's. */
function stubsIn({ resources }: State): (string | undefined)[] {
  const trunks = resources.filter(({ type }) => type.endsWith(":SipOutboundTrunk"));
  return trunks.map(({ outputs }) => outputs?.__provider);
}

test("every resource has an example in its docstring, and each compiles against the package", () => {
  const examples = examplesOfResources();
  const classes = RESOURCES.map((kind) =>
    kind.replace("jambonz:", "Jambonz").replace("heroku:", "Heroku").replace(/^\w+:/, ""),
  );
  expect(Object.keys(examples).sort()).toEqual(classes.sort());
  const project = emptyProject("examples");
  const files = Object.entries(examples).map(([name, text]) => [`examples/${name}.ts`, text]);
  writeProject(project, { ...PROJECTS[0]?.files, ...Object.fromEntries(files) });
  run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "."], project);
});

test("the package says what npm shows, and has nothing of the checkout", () => {
  const root = join(installed, "node_modules", "@trunkline", "providers");
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(manifest).toMatchObject({
    license: "Apache-2.0",
    repository: { url: "git+https://github.com/owner/name.git" },
  });
  expect(manifest).not.toHaveProperty("private");
  expect(readFileSync(join(root, "README.md"), "utf8")).toBe(readFileSync("providers/README.md", "utf8"));
  expect(readFileSync(join(root, "LICENSE"), "utf8")).toContain("Apache License");
  const code = globSync("dist/**/*", { cwd: root }).filter((file) => /\.(js|ts)$/.test(file));
  expect(code.length).toBeGreaterThan(100);
  for (const file of code) {
    const text = readFileSync(join(root, file), "utf8");
    expect([file, text]).toEqual([file, expect.not.stringContaining('"@trunkline/contract')]);
    expect([file, text]).toEqual([file, expect.not.stringContaining(process.cwd())]);
  }
});
