import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_FORMAT } from "../../cli/livekit/project-file.ts";

const direct = (roomName: string, pin = "") => ({ dispatchRuleDirect: { roomName, pin } });

/** Two hand-made trunks without numbers, told apart by caller and by source: LiveKit's API accepts both. */
export const CLASHING = {
  inboundTrunks: [
    {
      sipTrunkId: "ST_carrier",
      name: "by hand: carrier",
      allowedNumbers: ["+4930123"],
      authUsername: "carrier",
      authPassword: "[hidden]",
    },
    { sipTrunkId: "ST_sbc", name: "by hand: SBC", allowedAddresses: ["127.0.0.0/8"] },
  ],
  dispatchRules: [
    { sipDispatchRuleId: "SDR_carrier", name: "carrier", trunkIds: ["ST_carrier"], rule: direct("lobby") },
    { sipDispatchRuleId: "SDR_sbc", name: "SBC", trunkIds: ["ST_sbc"], rule: direct("office") },
  ],
};

/** One trunk with credentials and one rule, as the flow `dial` declares them. */
export const CLEAN = {
  inboundTrunks: [
    {
      sipTrunkId: "ST_dial",
      name: "calls of the SBC",
      authUsername: "sbc",
      authPassword: "[hidden]",
      metadata: JSON.stringify({ trunkline: { project: "trunkline", stack: "prod", name: "dial" } }),
    },
  ],
  dispatchRules: [
    {
      sipDispatchRuleId: "SDR_dial",
      name: "calls [trunkline:trunkline/prod/dial]",
      trunkIds: ["ST_dial"],
      rule: { dispatchRuleCallee: {} },
    },
  ],
};

/** Exports as files. */
export class ProjectFiles {
  readonly folder = mkdtempSync(join(tmpdir(), "trunkline-projects-"));

  write(project: object, host = "my-project:443"): string {
    const file = join(this.folder, "project.json");
    const common = { format: PROJECT_FORMAT, host, readAt: "2026-11-01T12:00:00.000Z", outboundTrunks: [] };
    writeFileSync(file, JSON.stringify({ ...common, ...project }));
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
