import { jsonText } from "../../providers/text/foreign.ts";
import { ask, targetOf } from "../explain/ask.ts";
import { EXPLAIN_HELP, type ExplainOptions, parseExplainOptions } from "../explain/options.ts";
import { explainJson, explainText } from "../explain/report.ts";
import { failureObject } from "../failure.ts";
import type { SipProject } from "../livekit/project.ts";
import { exportProject } from "../livekit/project-file.ts";
import { readProject } from "../livekit/read-project.ts";
import { routesOf } from "../livekit/routes.ts";
import { wantsHelp } from "../options.ts";
import { type CommandIO, processIO } from "../output/io.ts";

/** `trunkline explain`: where one call goes, and why. Reads only. */
export async function explain(args: string[], io: CommandIO = processIO()): Promise<number> {
  if (wantsHelp(args)) return io.done(0, EXPLAIN_HELP);
  const options = parseExplainOptions(args);
  try {
    return explainIn(await readProject(options.file, io.environment), options, io);
  } catch (error) {
    if (options.json) io.print(jsonText({ format: "trunkline.explain/1", error: failureObject(error) }));
    throw error;
  }
}

function explainIn(project: SipProject, { call: question, json }: ExplainOptions, io: CommandIO): number {
  if (question === undefined) return io.done(0, jsonText(exportProject(project), 2));
  const target = targetOf(project.host);
  const routes = routesOf(project);
  const explained = { host: project.host, target, routes, ...ask(routes, question, target) };
  const code = explained.answer.kind === "room" ? 0 : 2;
  return io.done(code, json ? jsonText(explainJson(explained)) : explainText(explained, io));
}
