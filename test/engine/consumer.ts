import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkout } from "../../sandbox/root.ts";

/** Projects of users: folders outside the checkout, with nothing of it but the packages that its lockfile names. */

interface Locked {
  version: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/**
 * Copies installed packages with all that they depend on, and writes a lockfile that names them: npm has nothing to fetch then.
 * @param direct the dependencies of the project
 * @param others what will be needed by a package that is installed later
 */
export function copyPackages(project: string, direct: string[], others: string[]): void {
  const { packages } = JSON.parse(readFileSync(checkout("package-lock.json"), "utf8")) as {
    packages: Record<string, Locked>;
  };
  const wanted = new Set<string>();
  const visit = (name: string, from: string) => {
    const path = resolveFrom(packages, name, from);
    if (path === undefined || wanted.has(path)) return;
    wanted.add(path);
    const { dependencies = {}, optionalDependencies = {} } = packages[path] as Locked;
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(next, path);
  };
  for (const name of [...direct, ...others]) visit(name, "");
  for (const path of wanted) copyPackage(checkout(path), join(project, path));
  const locked = Object.fromEntries([...wanted].sort().map((path) => [path, packages[path]]));
  const dependencies = Object.fromEntries(direct.map((name) => [name, packages[`node_modules/${name}`]?.version]));
  const root = { name: "project", version: "1.0.0", dependencies };
  writeProject(project, {
    "package.json": root,
    "package-lock.json": { lockfileVersion: 3, packages: { "": root, ...locked } },
  });
}

/** As Node looks for it: in the node_modules of the package, then of each that it is in. */
function resolveFrom(packages: Record<string, Locked>, name: string, from: string): string | undefined {
  const path = join(from, "node_modules", name);
  if (packages[path] !== undefined) return path;
  if (from === "") return undefined;
  return resolveFrom(packages, name, from.slice(0, Math.max(0, from.lastIndexOf("node_modules") - 1)));
}

/** Hard links where the file system has them: nothing writes into these files. */
function copyPackage(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  const { status } = spawnSync("cp", ["-alT", source, target]);
  if (status !== 0) cpSync(source, target, { recursive: true, force: true });
}

/** Runs a command to its end; fails with everything that it printed. */
export function run(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status} ${error}\n${stdout}\n${stderr}`);
  return stdout;
}

export function writeProject(project: string, files: Record<string, string | object>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), typeof content === "string" ? content : JSON.stringify(content, null, 2));
  }
}
