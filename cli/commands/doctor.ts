import { basename } from "node:path";
import { lint } from "../../providers/livekit/routing/index.ts";
import { jsonText } from "../../providers/text/foreign.ts";
import { AGENT_NAME } from "../../service/shared/index.ts";
import { causesOf503, type Reachability } from "../doctor/causes.ts";
import { DOCTOR_HELP, type DoctorOptions, parseDoctorOptions } from "../doctor/options.ts";
import { proposeLegacy } from "../doctor/proposal.ts";
import { causesText, type Diagnosis, diagnosisJson, diagnosisText } from "../doctor/report.ts";
import { addLegacyIds, findStackFile } from "../doctor/stack-file.ts";
import { targetOf } from "../explain/ask.ts";
import { failureObject } from "../failure.ts";
import type { SipProject } from "../livekit/project.ts";
import { readProject } from "../livekit/read-project.ts";
import { routesOf } from "../livekit/routes.ts";
import { wantsHelp } from "../options.ts";
import { type CommandIO, processIO } from "../output/io.ts";

/** `trunkline doctor`: all that is wrong with the routing of inbound calls. Only reads the live project. */
export async function doctor(args: string[], io: CommandIO = processIO()): Promise<number> {
  if (wantsHelp(args)) return io.done(0, DOCTOR_HELP);
  const options = parseDoctorOptions(args);
  const started = performance.now();
  try {
    const project = await readProject(options.file, io.environment);
    const reachability = options.file === undefined ? { ms: Math.round(performance.now() - started) } : undefined;
    const diagnosis = diagnose(project, options, reachability);
    const written = options.write ? write(diagnosis, options, io) : undefined;
    const result = { ...diagnosis, ...(written && { written }) };
    const text = options.json ? jsonText(diagnosisJson(result)) : diagnosisText(result, io);
    return io.done(diagnosis.findings.length === 0 ? 0 : 2, text);
  } catch (error) {
    tellFailure(error, options, io);
    throw error;
  }
}

function diagnose(project: SipProject, options: DoctorOptions, reachability: Reachability): Diagnosis {
  const { trunks, rules } = routesOf(project);
  const target = targetOf(project.host);
  const findings = lint(trunks, rules, { agentNames: [AGENT_NAME, ...options.agents], target });
  return { project, findings, causes: causesOf503(findings, reachability), proposed: proposeLegacy(findings, project) };
}

function write({ proposed, project }: Diagnosis, { stack }: DoctorOptions, io: CommandIO): Diagnosis["written"] {
  const file = findStackFile(io.folder, project.host, stack);
  return { file: basename(file), ids: addLegacyIds(file, proposed) };
}

/** That nobody answers is a finding of its own kind: calls get the same 503. */
function tellFailure(error: unknown, { json }: DoctorOptions, io: CommandIO): void {
  const failure = failureObject(error);
  const causes = failure.code === "API_UNREACHABLE" ? causesOf503([], { problem: failure.message }) : undefined;
  if (json) io.print(jsonText({ format: "trunkline.doctor/1", error: failure, causes503: causes }));
  else if (causes) io.print(causesText(causes, io));
}
