import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type Lockfile, pruneLockfile } from "./lockfile.ts";
import { requireNoSecrets } from "./secrets.ts";
import { jsonFile, runtimeManifest, sourcesIn, textFile } from "./sources.ts";
import { type TarFile, tarball } from "./tar.ts";
import { trackedFiles } from "./tracked.ts";

export type ServiceName = "middleware" | "agent";

/** What Heroku builds one app from. */
export interface Artefact {
  /** The tarball, relative to the folder in which Pulumi's program and plug-ins run: no path of this machine gets into the state. */
  path: string;
  /** Says what runs: 16 hexadecimal digits, the same for the same contents. The running service shows it. */
  buildHash: string;
  /** What is uploaded. */
  bytes: number;
}

const NODE_VERSION = "24.x";
const PROCESS: Readonly<Record<ServiceName, "web" | "worker">> = { middleware: "web", agent: "worker" };

/** What is the user's own. */
interface Packed {
  /** A module that the service loads; its whole folder is packed. */
  readonly module?: string | undefined;
  /** Further files, by their paths from the root. */
  readonly files?: readonly string[];
}

/**
 * Packs a service, in previews, too: what is previewed is the archive's checksum.
 */
export function packArtefact(service: ServiceName, more: Packed = {}, root: string = projectRoot()): Artefact {
  const { buildHash, archive } = buildArtefact(service, root, more);
  const file = join(root, ".trunkline", "artefacts", `${service}.tgz`);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, archive, { mode: 0o600 });
  return { path: relative(process.cwd(), file), buildHash, bytes: archive.length };
}

/** The archive: only what runs. What services share are workspaces, hence links: Node strips no types below node_modules. */
export function buildArtefact(
  service: ServiceName,
  root: string,
  more: Packed = {},
): { buildHash: string; archive: Buffer } {
  const files = contents(service, root, more);
  const buildHash = hashOf(files);
  return { buildHash, archive: tarball([...files, textFile("BUILD_HASH", buildHash)]) };
}

function contents(service: ServiceName, root: string, { module, files = [] }: Packed): TarFile[] {
  const own = module === undefined ? undefined : dirname(module);
  const isWorkspace = own !== undefined && existsSync(join(root, own, "package.json"));
  const workspaces = ["contract", `service/${service}`, "service/shared", ...(isWorkspace ? [own] : [])];
  const manifest = {
    name: `trunkline-${service}`,
    version: "0.1.0",
    private: true,
    type: "module",
    engines: { node: NODE_VERSION },
    workspaces,
  };
  const { type: _, private: __, ...rootEntry } = manifest;
  const lockfile = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as Lockfile;
  const tracked = trackedFiles(root);
  const sources = [
    ...workspaces.filter((folder) => folder !== own).flatMap((folder) => sourcesIn(root, folder, tracked)),
    ...(own === undefined ? [] : sourcesIn(root, own, tracked, true)),
    ...files.map((path) => ({ path, content: readFileSync(join(root, path)) })),
  ];
  requireNoSecrets(sources);
  return [
    jsonFile("package.json", manifest),
    jsonFile("package-lock.json", { ...pruneLockfile(lockfile, rootEntry, workspaces), name: manifest.name }),
    textFile("Procfile", ...procfile(service)),
    ...sources.map((file) => (file.path.endsWith("/package.json") ? runtimeManifest(file) : file)),
  ];
}

/** A release whose `release:` command fails never replaces the dynos that run. */
function procfile(service: ServiceName): string[] {
  const run = (file: string) => `BUILD_HASH=$(cat BUILD_HASH) exec node service/${service}/${file}`;
  return [`${PROCESS[service]}: ${run("main.ts")}`, `release: ${run("release.ts")}`];
}

function hashOf(files: readonly TarFile[]): string {
  const hash = createHash("sha256");
  for (const { path, content } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1)))
    hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.digest("hex").slice(0, 16);
}

/** The folder of Pulumi.yaml, at or above the one the program runs in. */
export function projectRoot(from: string = process.cwd()): string {
  if (existsSync(join(from, "Pulumi.yaml"))) return from;
  if (dirname(from) === from) throw new Error("There is no Pulumi.yaml in this folder or above it");
  return projectRoot(dirname(from));
}
