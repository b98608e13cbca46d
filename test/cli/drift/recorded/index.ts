import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parsePlan } from "../../../../cli/drift/plan.ts";

/**
 * What `pulumi` 3.250.0 has printed with --json for a stack in the flow `dial`, on a real livekit-server: clean; with the outbound
 * trunk's address, password and a header edited, the inbound trunk deleted and a trunk `old one` made by hand; the same with a trunk that
 * clashes; with a wrong key. The serialized providers, positions and warnings (paths of a machine) are left out.
 */
export function recorded(
  name: "clean.refresh" | "drifted.refresh" | "drifted.preview" | "conflict.preview" | "wrong-key.refresh",
) {
  const plan = parsePlan(recordedText(name));
  if (plan === undefined) throw new Error(`${name}.json is no plan`);
  return plan;
}

export function recordedText(name: string): string {
  return readFileSync(join(process.cwd(), "test/cli/drift/recorded", `${name}.json`), "utf8");
}
