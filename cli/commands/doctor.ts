import { basename } from "node:path";
import { FINDING_KINDS } from "../../providers/livekit/routing/index.ts";
import { jsonText } from "../../providers/text/foreign.ts";
import { causesOf503, type Reachability } from "../doctor/causes.ts";
import { agentNamesIn, judge } from "../doctor/findings.ts";
import { DOCTOR_HELP, type DoctorOptions, parseDoctorOptions } from "../doctor/options.ts";
import { proposeLegacy } from "../doctor/proposal.ts";
import { causesText, type Diagnosis, diagnosisJson, diagnosisText, isInDoubt } from "../doctor/report.ts";
import { addLegacyIds, findStackFile } from "../doctor/stack-file.ts";
import { failureObject } from "../failure.ts";
import { probeAgents } from "../livekit/agent-probe.ts";
import { type AgentSeen, agentsSeen } from "../livekit/agents-seen.ts";
import { connectionFrom } from "../livekit/connection.ts";
import type { SipProject } from "../livekit/project.ts";
import { readProject } from "../livekit/read-project.ts";
import { understandingOf } from "../livekit/understanding.ts";
import { wantsHelp } from "../options.ts";
import { type CommandIO, processIO } from "../output/io.ts";

/** `trunkline doctor`: all that is wrong with the routing of inbound calls. Only reads the live project. */
export async function doctor(args: string[], io: CommandIO = processIO()): Promise<number> {
  if (wantsHelp(args)) return io.done(0, DOCTOR_HELP);
  const options = parseDoctorOptions(args);
  const started = performance.now();
  try {
    const project = await readProject(options, io);
    const reachability = options.files === undefined ? { ms: Math.round(performance.now() - started) } : undefined;
    const diagnosis = await diagnose(project, options, reachability, io);
    const written = options.write ? write(diagnosis, options, io) : undefined;
    const result = { ...diagnosis, ...(written && { written }) };
    const text = options.json ? jsonText(diagnosisJson(result)) : diagnosisText(result, io);
    return io.done(exitCode(diagnosis), text);
  } catch (error) {
    tellFailure(error, options, io);
    throw error;
  }
}

/** Something wrong is wrong, no matter what cannot be told; clean is only what is known as a whole. */
function exitCode(diagnosis: Diagnosis): number {
  if (diagnosis.findings.some(({ code }) => FINDING_KINDS[code].needs !== "nothing")) return 2;
  return isInDoubt(diagnosis) ? 1 : 0;
}

async function diagnose(
  project: SipProject,
  options: DoctorOptions,
  reachability: Reachability,
  io: CommandIO,
): Promise<Diagnosis> {
  const known = understandingOf(project);
  const agents = await agentsOf(project, options, io);
  const { findings, leftOut } = judge(project, options.agents, agents, known);
  return {
    project,
    known,
    findings,
    leftOut,
    toldAgents: toldAgents(project, options, agents),
    causes: causesOf503(findings, reachability, known),
    proposed: proposeLegacy(findings, project),
    isLive: options.files === undefined,
  };
}

/** With --agent the others are findings. */
function toldAgents(project: SipProject, { agents: declared }: DoctorOptions, seen: readonly AgentSeen[]): Set<string> {
  if (declared.length > 0) return new Set(agentNamesIn(project));
  return new Set(seen.filter(({ registered }) => registered !== "unknown").map(({ name }) => name));
}

async function agentsOf(project: SipProject, { files, probe }: DoctorOptions, io: CommandIO) {
  if (files !== undefined) return [];
  return (probe ? probeAgents : agentsSeen)(connectionFrom(io.environment), agentNamesIn(project));
}

function write({ proposed, project }: Diagnosis, { stack }: DoctorOptions, io: CommandIO): Diagnosis["written"] {
  const file = findStackFile(io.folder, project.host, stack);
  return { file: basename(file), ids: addLegacyIds(file, proposed) };
}

/** A control plane that does not answer is a cause of its own: calls get the same 503. */
function tellFailure(error: unknown, { json }: DoctorOptions, io: CommandIO): void {
  const failure = failureObject(error);
  const causes = failure.code === "API_UNREACHABLE" ? causesOf503([], unreachable(failure.message)) : undefined;
  if (json) io.print(jsonText({ format: "trunkline.doctor/1", error: failure, causes503: causes }));
  else if (causes) io.print(causesText(causes, io));
}

/** A host that no name server knows is a mistake in LIVEKIT_URL: it says nothing about the calls. */
function unreachable(message: string): Reachability {
  return /ENOTFOUND|EAI_AGAIN/.test(message) ? { unknownHost: message } : { problem: message };
}
