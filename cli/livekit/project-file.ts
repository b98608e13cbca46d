import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { z } from "zod";
import { CliError } from "../errors.ts";
import type { SipProject } from "./project.ts";

export const PROJECT_FORMAT = "trunkline.livekit/1";
const HIDDEN = "[hidden]";

type Json = Parameters<typeof SIPInboundTrunkInfo.fromJson>[0];

/**
 * A project as JSON: the objects as LiveKit's API returns them (protobuf JSON, camel case). Passwords and the values of headers are
 * `[hidden]`, which still says that there is one. PINs, metadata and attributes are in it: routing needs them, or they are no credentials.
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

const schema = z.object({
  format: z.literal(PROJECT_FORMAT),
  host: z.string(),
  inboundTrunks: z.array(z.unknown()),
  outboundTrunks: z.array(z.unknown()).default([]),
  dispatchRules: z.array(z.unknown()),
});

export function exportProject(project: SipProject, readAt: Date = new Date()): ProjectExport {
  return {
    format: PROJECT_FORMAT,
    host: project.host,
    readAt: readAt.toISOString(),
    inboundTrunks: project.inboundTrunks.map((trunk) => withoutSecrets(trunk.clone()).toJson()),
    outboundTrunks: project.outboundTrunks.map((trunk) => withoutSecrets(trunk.clone()).toJson()),
    dispatchRules: project.dispatchRules.map((rule) => rule.toJson()),
  };
}

/**
 * Reads what `explain --export` wrote, or a report of `doctor --json` (its `project`).
 * @throws CliError BAD_FILE
 */
export function readProjectFile(path: string): SipProject {
  const found = readJson(path);
  const result = schema.safeParse(hasProject(found) ? found.project : found);
  if (!result.success) throw notAnExport(path, describe(result.error));
  try {
    return {
      host: `${result.data.host} (${basename(path)})`,
      inboundTrunks: result.data.inboundTrunks.map((item) => SIPInboundTrunkInfo.fromJson(item as Json, LENIENT)),
      outboundTrunks: result.data.outboundTrunks.map((item) => SIPOutboundTrunkInfo.fromJson(item as Json, LENIENT)),
      dispatchRules: result.data.dispatchRules.map((item) => SIPDispatchRuleInfo.fromJson(item as Json, LENIENT)),
    };
  } catch (error) {
    throw notAnExport(path, error instanceof Error ? error.message : String(error));
  }
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

/** An export of a newer server may have fields that this version does not know. */
const LENIENT = { ignoreUnknownFields: true } as const;

function withoutSecrets<Trunk extends { authPassword: string; headers: Record<string, string> }>(trunk: Trunk): Trunk {
  if (trunk.authPassword !== "") trunk.authPassword = HIDDEN;
  trunk.headers = Object.fromEntries(Object.keys(trunk.headers).map((name) => [name, HIDDEN]));
  return trunk;
}

function hasProject(value: unknown): value is { project: unknown } {
  return typeof value === "object" && value !== null && "project" in value;
}

function describe(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join(".") || "(root)"}: ${message}`).join("; ");
}

function notAnExport(path: string, reason: string): CliError {
  return new CliError(
    "BAD_FILE",
    `${path} is no export of a LiveKit project (${reason})`,
    `Write one with: npx trunkline explain --export > project.json (format ${PROJECT_FORMAT})`,
  );
}
