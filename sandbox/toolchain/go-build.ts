import { execFile, spawn } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { SandboxError } from "../errors.ts";
import type { Report } from "../progress.ts";
import { checkout } from "../root.ts";
import { requireHeaders } from "./debian.ts";
import { isAtLeast, which } from "./on-path.ts";
import { withEdits } from "./source-edits.ts";
import { orOnPath, type Tool } from "./tools.ts";

const run = promisify(execFile);
const OLDEST_GO = "1.26.0";
const KEPT_LINES = 30;

/** Builds a tool from its pinned module into `target`; a build that is killed leaves nothing there. */
export async function buildWithGo(tool: Tool, target: string, report: Report): Promise<string> {
  await requireGo(tool);
  await requireHeaders(tool, report);
  mkdirSync(dirname(target), { recursive: true });
  const unfinished = `${target}.${process.pid}.unfinished`;
  try {
    const go = { cwd: checkout(tool.module), env: goEnvironment() };
    await withEdits(tool.edits ?? [], go, (flags) => build(tool, unfinished, flags, report));
    renameSync(unfinished, target);
  } finally {
    rmSync(unfinished, { force: true });
  }
  return target;
}

async function requireGo(wanted: Tool): Promise<void> {
  const go = which("go");
  const version = go && /go(\d+\.\d+(\.\d+)?)/.exec((await run(go, ["version"], { env: goEnvironment() })).stdout)?.[1];
  if (version && isAtLeast(version, OLDEST_GO)) return;
  throw new SandboxError(
    "GO_MISSING",
    `${wanted.name} ${wanted.version} must be built, and ${version ? `Go ${version} is too old` : "Go is not on PATH"}`,
    `Install Go ${OLDEST_GO} or newer and put it on PATH${orOnPath(wanted)}.`,
  );
}

/** No toolchain and no other source than the committed go.sum: what is built is what was pinned. */
function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly", GOWORK: "off", CGO_ENABLED: "1" };
}

function build(tool: Tool, output: string, more: string[], report: Report): Promise<void> {
  const flags = ["-trimpath", "-buildvcs=false", "-v", "-ldflags", `-s -w ${tool.linkerFlags ?? ""}`.trim(), ...more];
  const child = spawn("go", ["build", ...flags, "-o", output, tool.package], {
    cwd: checkout(tool.module),
    env: goEnvironment(),
    stdio: ["ignore", "ignore", "pipe"],
  });
  const tail: string[] = [];
  const tell = progressOf(report);
  createInterface({ input: child.stderr }).on("line", (line) => {
    tell(line);
    tail.push(line);
    if (tail.length > KEPT_LINES) tail.shift();
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(buildFailed(tool, tail))));
  });
}

/** `go build -v` prints a line for each downloaded module, then one for each compiled package. */
function progressOf(report: Report): (line: string) => void {
  let modules = 0;
  let packages = 0;
  return (line) => {
    if (line.startsWith("go: downloading")) modules++;
    else packages++;
    report(packages === 0 ? `${modules} modules downloaded` : `${packages} packages compiled`);
  };
}

function buildFailed(tool: Tool, tail: string[]): SandboxError {
  const errors = tail.filter((line) => !/^[\w./-]+$/.test(line) && !line.startsWith("go: downloading"));
  return new SandboxError(
    "BUILD_FAILED",
    `go build of ${tool.name} ${tool.version} failed:\n${errors.join("\n")}`,
    `Run it by hand: cd ${tool.module} && go build ${tool.package}`,
  );
}
