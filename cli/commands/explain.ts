import type { Answer } from "../../providers/livekit/routing/index.ts";
import { jsonText } from "../../providers/text/foreign.ts";
import { ask } from "../explain/ask.ts";
import { doubtAbout, hostDoubt } from "../explain/certainty.ts";
import { findingsAbout } from "../explain/findings.ts";
import { type Hears, hears, notLookedAt, roomAnswer } from "../explain/hears.ts";
import { notesOn } from "../explain/notes.ts";
import { EXPLAIN_HELP, type ExplainOptions, parseExplainOptions } from "../explain/options.ts";
import { exitCode, explainJson, explainText } from "../explain/report.ts";
import { failureObject } from "../failure.ts";
import { probeAgents } from "../livekit/agent-probe.ts";
import { agentsSeen, isTalkingIn } from "../livekit/agents-seen.ts";
import { connectionFrom } from "../livekit/connection.ts";
import type { SipProject } from "../livekit/project.ts";
import { exportProject } from "../livekit/project-file.ts";
import { readProject } from "../livekit/read-project.ts";
import { routesOf } from "../livekit/routes.ts";
import { targetOf } from "../livekit/target.ts";
import { understandingOf } from "../livekit/understanding.ts";
import { wantsHelp } from "../options.ts";
import { type CommandIO, processIO } from "../output/io.ts";

/** `trunkline explain`: where one call goes, what the caller hears, and why. Reads only. */
export async function explain(args: string[], io: CommandIO = processIO()): Promise<number> {
  if (wantsHelp(args)) return io.done(0, EXPLAIN_HELP);
  const options = parseExplainOptions(args);
  try {
    return await explainIn(await readProject(options, io), options, io);
  } catch (error) {
    if (options.json) io.print(jsonText({ format: "trunkline.explain/1", error: failureObject(error) }));
    throw error;
  }
}

async function explainIn(project: SipProject, options: ExplainOptions, io: CommandIO): Promise<number> {
  const { call: question, json } = options;
  if (question === undefined) return io.done(0, jsonText(exportProject(project), 2));
  const target = targetOf(project.host);
  const routes = routesOf(project);
  const asked = ask(routes, question, target);
  const known = understandingOf(project);
  const heardThen = await heard(asked.answer, options, io.environment);
  const cloudDoubt = project.isHostUnknown ? hostDoubt(asked.answer, ask(routes, question, "cloud").answer) : undefined;
  const explained = {
    host: project.host,
    target,
    routes,
    ...asked,
    hears: heardThen,
    notes: notesOn(project, asked.answer, known),
    findings: findingsAbout(project, asked.answer),
    isLive: options.files === undefined,
    doubt: doubtAbout(asked.answer, heardThen, known) ?? cloudDoubt,
    isTargetAssumed: project.isHostUnknown === true,
  };
  return io.done(exitCode(explained), json ? jsonText(explainJson(explained)) : explainText(explained, io));
}

async function heard(
  answer: Answer,
  { files, probe }: ExplainOptions,
  environment: NodeJS.ProcessEnv,
): Promise<Hears | undefined> {
  const reached = roomAnswer(answer);
  if (reached === undefined) return undefined;
  const names = [...new Set(reached.agents.map(({ name }) => name))];
  if (files !== undefined) return hears(reached, notLookedAt(names));
  const connection = connectionFrom(environment);
  const agents = await (probe ? probeAgents : agentsSeen)(connection, names);
  const isTalking = reached.room.randomSuffix ? undefined : await isTalkingIn(connection, reached.room.name);
  return hears(reached, agents, isTalking);
}
