import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Report } from "../progress.ts";
import { cacheFolder } from "../root.ts";
import { buildWithGo } from "./go-build.ts";
import { findOnPath } from "./on-path.ts";
import { type Tool, type ToolName, tool } from "./tools.ts";

const found = new Map<ToolName, Promise<string>>();

/**
 * The absolute path of a pinned program: on PATH when new enough, else in the per-user cache, else built there from
 * its Go module. Looked up once a process.
 * @throws SandboxError GO_MISSING, BUILD_FAILED
 */
export function findOrBuild(name: ToolName, report: Report = () => undefined): Promise<string> {
  const known = found.get(name);
  if (known) return known;
  const search = locate(tool(name), report);
  found.set(name, search);
  search.catch(() => found.delete(name));
  return search;
}

/** Where a program is that needs no build, or undefined. */
export async function findBuilt(name: ToolName): Promise<string | undefined> {
  const wanted = tool(name);
  return (await onPath(wanted)) ?? (existsSync(cached(wanted)) ? cached(wanted) : undefined);
}

async function locate(wanted: Tool, report: Report): Promise<string> {
  const ready = await findBuilt(wanted.name);
  return ready ?? buildWithGo(wanted, cached(wanted), report);
}

/** A language host of another version than its CLI's may speak another protocol: it is taken from the CLI's side only. */
async function onPath(wanted: Tool): Promise<string | undefined> {
  if (wanted.goesWith === undefined) return findOnPath(wanted);
  const companion = await findOnPath(tool(wanted.goesWith));
  if (!companion) return undefined;
  const beside = join(dirname(companion), wanted.name);
  return existsSync(beside) ? beside : undefined;
}

function cached(wanted: Tool): string {
  return cacheFolder("bin", wanted.name, `${wanted.version}-${process.platform}-${process.arch}`, wanted.name);
}
