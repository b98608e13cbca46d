import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { SandboxError } from "../errors.ts";
import type { Report } from "../progress.ts";
import { which } from "./on-path.ts";
import type { Tool } from "./tools.ts";

const run = promisify(execFile);

/** Programs the sandbox runs that Debian packages carry. */
const PROGRAMS: Record<string, string> = { "redis-server": "redis-server", sipp: "sip-tester", cc: "gcc" };

/** Installs the Debian packages whose programs are not on PATH. */
export async function requirePrograms(report: Report): Promise<void> {
  const missing = Object.entries(PROGRAMS).filter(([program]) => !which(program));
  await install(
    missing.map(([, debianPackage]) => debianPackage),
    report,
  );
}

/** A browser, for the tests that need one: nothing else installs it. */
const BROWSER = "chromium";

/** Why there is no browser and none can be installed; undefined when `requireBrowser` will find or install one. */
export function whyNoBrowser(): string | undefined {
  if (which(BROWSER) || (isRoot() && which("apt-get"))) return undefined;
  return `${BROWSER} is not on PATH, and only root can install it (apt-get install ${BROWSER})`;
}

/** The browser's path; installed first where it is missing. */
export async function requireBrowser(report: Report): Promise<string> {
  if (!which(BROWSER)) await install([BROWSER], report);
  return which(BROWSER) ?? BROWSER;
}

/** The model stand-ins' voice: only calls with a model need it. */
const SPEECH = "espeak-ng";

/** Installs it where it is missing. @throws SandboxError PACKAGES_MISSING with the command, when not root. */
export async function requireSpeech(report: Report): Promise<void> {
  if (!which(SPEECH)) await install([SPEECH], report);
}

/** Installs the headers a tool is built with. Only called before a build: a cached binary needs none. */
export async function requireHeaders(tool: Tool, report: Report): Promise<void> {
  const wanted = tool.headers ?? [];
  const missing = [];
  for (const name of wanted) if (!(await isInstalled(name))) missing.push(name);
  await install(missing, report);
}

/** Whether dpkg has the package. Where there is no dpkg, nothing counts as installed. */
async function isInstalled(debianPackage: string): Promise<boolean> {
  try {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a format of dpkg-query
    const { stdout } = await run("dpkg-query", ["-W", "-f", "${db:Status-Status}", debianPackage]);
    return stdout === "installed";
  } catch {
    return false;
  }
}

async function install(packages: string[], report: Report): Promise<void> {
  if (packages.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  if (!isRoot() || !which("apt-get")) {
    throw new SandboxError(
      "PACKAGES_MISSING",
      `Debian packages are missing: ${packages.join(", ")}`,
      `Run: sudo apt-get update && sudo ${command}`,
    );
  }
  await aptGet(["update"], report);
  await aptGet(command.split(" ").slice(1), report);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** RUNLEVEL=1 keeps a freshly installed package from starting its service: the sandbox starts its own. */
async function aptGet(args: string[], report: Report): Promise<void> {
  const child = spawn("apt-get", ["-q", ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      report(line.slice(0, 80));
      tail.push(line);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once("error", reject).once("close", resolve),
  );
  if (code === 0) return;
  throw new SandboxError(
    "PACKAGES_MISSING",
    `apt-get ${args.join(" ")} failed:\n${tail.slice(-5).join("\n")}`,
    "Run it by hand and see what it says.",
  );
}
