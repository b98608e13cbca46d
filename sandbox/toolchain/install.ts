import type { Progress } from "../progress.ts";
import { findBuilt, findOrBuild } from "./binaries.ts";
import { requirePrograms } from "./debian.ts";
import type { ToolName } from "./tools.ts";

const TOOLS: ToolName[] = ["pulumi-language-nodejs", "livekit-server", "livekit-sip", "sip-edge", "pulumi"];

/** Everything that is not an npm package: Debian's programs, then the pinned binaries, found or built one after another. `more`: what only tests need. */
export async function installTools(progress: Progress, more: ToolName[] = []): Promise<void> {
  await progress.step("Debian packages", requirePrograms);
  for (const name of [...TOOLS, ...more]) {
    const isThere = (await findBuilt(name)) !== undefined;
    await progress.step(`${name} ${isThere ? "found" : "built"}`, (report) => findOrBuild(name, report));
  }
}
