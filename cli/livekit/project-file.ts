import { readFileSync } from "node:fs";
import type { SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { CliError } from "../errors.ts";
import { PROJECT_FORMAT } from "./format.ts";
import { withUnknown } from "./forms/with-unknown.ts";
import type { SipProject } from "./project.ts";

export { PROJECT_FORMAT } from "./format.ts";

const HIDDEN = "[hidden]";

/**
 * A project as JSON: the objects as LiveKit's API returns them (protobuf JSON, camel case), fields that this version does not know included.
 * Passwords and the values of headers are `[hidden]`, which still says that there is one. PINs, metadata and attributes are in it: routing needs
 * them, or they are no credentials.
 */
export interface ProjectExport {
  format: typeof PROJECT_FORMAT;
  /** `host:port` of the project. */
  host: string;
  /** When it was read, ISO 8601. */
  readAt: string;
  inboundTrunks: unknown[];
  outboundTrunks: unknown[];
  dispatchRules: unknown[];
}

export function exportProject(project: SipProject, readAt: Date = new Date()): ProjectExport {
  const { host, inboundTrunks, outboundTrunks, dispatchRules, unknown = [] } = project;
  return {
    format: PROJECT_FORMAT,
    host,
    readAt: readAt.toISOString(),
    inboundTrunks: inboundTrunks.map((trunk) => trunkJson(trunk, unknown)),
    outboundTrunks: outboundTrunks.map((trunk) => trunkJson(trunk, unknown)),
    dispatchRules: dispatchRules.map((rule) => withUnknown(rule.toJson(), rule.sipDispatchRuleId, unknown)),
  };
}

/** @throws CliError BAD_FILE */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError("BAD_FILE", `${path} cannot be read as JSON: ${reason}`, "Give the path of a JSON file.");
  }
}

function trunkJson(
  trunk: SIPInboundTrunkInfo | SIPOutboundTrunkInfo,
  unknown: NonNullable<SipProject["unknown"]>,
): unknown {
  return withUnknown(withoutSecrets(trunk.clone()).toJson(), trunk.sipTrunkId, unknown);
}

function withoutSecrets<Trunk extends { authPassword: string; headers: Record<string, string> }>(trunk: Trunk): Trunk {
  if (trunk.authPassword !== "") trunk.authPassword = HIDDEN;
  trunk.headers = Object.fromEntries(Object.keys(trunk.headers).map((name) => [name, HIDDEN]));
  return trunk;
}
