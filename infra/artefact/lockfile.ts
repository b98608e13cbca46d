import { own } from "@trunkline/contract";

/** One entry of `packages` in npm's lockfile (version 3), as far as it is looked at. */
interface Entry {
  resolved?: string;
  link?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  [key: string]: unknown;
}

export interface Lockfile {
  packages: Record<string, Entry>;
  [key: string]: unknown;
}

/**
 * The part of a lockfile that some workspaces need to run: the same versions at the same places, nothing for development.
 * @param root the entry of the new root package. @param workspaces their folders.
 */
export function pruneLockfile(lockfile: Lockfile, root: Entry, workspaces: readonly string[]): Lockfile {
  const kept = new Set<string>();
  const names = workspaces.map((folder) => linkTo(lockfile, folder));
  for (const place of [...workspaces, ...names]) keep(lockfile, place, kept);
  const entries = [...kept].sort().map((place) => [place, withoutDevelopment(own(lockfile.packages, place) ?? {})]);
  return { ...lockfile, packages: { "": root, ...Object.fromEntries(entries) } };
}

/** Where npm puts the link to a workspace: `node_modules/@scope/name`. */
function linkTo({ packages }: Lockfile, folder: string): string {
  const found = Object.entries(packages).find(([, entry]) => entry.link === true && entry.resolved === folder);
  if (found === undefined) throw new Error(`The lockfile knows no workspace "${folder}": run npm install`);
  return found[0];
}

function keep(lockfile: Lockfile, place: string, kept: Set<string>): void {
  const entry = own(lockfile.packages, place);
  if (entry === undefined || kept.has(place)) return;
  kept.add(place);
  if (entry.link === true) {
    keep(lockfile, entry.resolved ?? "", kept);
    return;
  }
  const { dependencies, optionalDependencies } = entry;
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...neededPeers(entry) })) {
    const found = resolve(lockfile, place, name);
    if (found !== undefined) keep(lockfile, found, kept);
    else if (own(dependencies, name) !== undefined && own(optionalDependencies, name) === undefined)
      throw new Error(`The lockfile lacks "${name}", which "${place}" needs: run npm install`);
  }
}

/** npm installs peers, but not optional ones. */
function neededPeers({ peerDependencies = {}, peerDependenciesMeta = {} }: Entry): Record<string, string> {
  return Object.fromEntries(
    Object.entries(peerDependencies).filter(([name]) => own(peerDependenciesMeta, name)?.optional !== true),
  );
}

/** As Node does: the nearest `node_modules` upwards that has it. */
function resolve({ packages }: Lockfile, from: string, name: string): string | undefined {
  for (let folder: string | undefined = from; folder !== undefined; folder = parentOf(folder)) {
    const place = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (own(packages, place) !== undefined) return place;
  }
  return undefined;
}

function parentOf(folder: string): string | undefined {
  if (folder === "") return undefined;
  const end = folder.lastIndexOf("/");
  const parent = end === -1 ? "" : folder.slice(0, end);
  return parent === "node_modules" || parent.endsWith("/node_modules") ? parentOf(parent) : parent;
}

function withoutDevelopment({ devDependencies: _, dev: __, devOptional: ___, ...entry }: Entry): Entry {
  return entry;
}
