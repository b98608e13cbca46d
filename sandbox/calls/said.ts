import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LINES } from "../models/lines.ts";
import { PHRASES } from "../models/script.ts";

/** Whatever callers and models say in the sandbox, and what its models give to tools that is private. */
const SAID = [
  ...Object.values(PHRASES).map(({ words }) => words),
  ...Object.values(LINES).flatMap((text) => text.split(/(?<=[.?]) /)),
  "I sing at",
].filter((text) => text !== "");

/** Lines of our services' logs in a folder that hold what was said in a call: none may, at any level. */
export function saidIn(folder: string): string[] {
  return linesIn(folder, (name) => !name.startsWith("stock-")).filter(
    (line) => SAID.some((text) => line.includes(text)) || line.includes("lk.pii"),
  );
}

/** Lines of the framework, in our agent's logs, that do not say whose call they are of. */
export function ownerlessIn(folder: string): string[] {
  const agents = linesIn(folder, (name) => name.startsWith("agent"));
  return agents.filter((line) => line.includes('"part":"livekit-agents"') && !line.includes('"callId":'));
}

function linesIn(folder: string, isWanted: (name: string) => boolean): string[] {
  const files = readdirSync(folder).filter(isWanted);
  return files.flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n"));
}
