import { basename } from "node:path";
import type { SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { CliError } from "../errors.ts";
import { readInputFile } from "../input-file.ts";
import { PROJECT_FORMAT } from "./format.ts";
import { documentsOf } from "./forms/documents.ts";
import { decode } from "./forms/encoding.ts";
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

/**
 * One JSON value, however the file was saved.
 * @throws CliError BAD_FILE
 */
export function readJson(path: string): unknown {
  try {
    const name = basename(path);
    const [document, ...more] = documentsOf(decode(readInputFile(path), name), name);
    if (document !== undefined && more.length === 0) return document.value;
    throw new CliError("BAD_FILE", `${name} holds more than one JSON value`, "");
  } catch (error) {
    // The hint for a project's file would mislead.
    if (error instanceof CliError) throw new CliError(error.code, error.message, "Give the path of a JSON file.");
    throw error;
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
