import type { Confidential } from "../../service/shared/index.ts";
import { causesOf503 } from "../doctor/causes.ts";
import { judge } from "../doctor/findings.ts";
import { type Look, lookAt } from "../drift/look.ts";
import type { Pulumi } from "../drift/pulumi.ts";
import { failureLine } from "../failure.ts";
import { understandingOf } from "../livekit/understanding.ts";
import { type CallLog, type CallView, readCall, readLog } from "./call.ts";
import type { TicketFacts } from "./facts.ts";
import type { TicketOptions } from "./options.ts";
import { numbersOfProject, secretsOfEnvironment, secretsOfProject } from "./secrets.ts";
import { plainOutput, readState, type StackState } from "./state.ts";

/**
 * Everything for a ticket. What cannot be looked at is told in it: a ticket is most needed when something is down.
 * @throws CliError WRONG_STACK, CANNOT_LOOK when not even the state can be read: without it nobody knows the secrets
 */
export async function gather(
  options: TicketOptions,
  pulumi: Pulumi,
): Promise<{ facts: TicketFacts; confidential: Confidential }> {
  const { stack, audience, callId, logs } = options;
  const state = await readState(stack, pulumi);
  const missing: string[] = [];
  const look = await orMissing("declared against live", missing, () => lookAt(stack, pulumi));
  const call = await orMissing("the call's time line", missing, () => callOf(options, state, pulumi.environment));
  const log = await orMissing("the log", missing, async () => logOf(logs, callId));
  const facts: TicketFacts = {
    ...outputsOf(state, options, pulumi.environment),
    ...diagnosisOf(look),
    stack,
    audience,
    writtenAt: new Date(),
    look,
    call,
    log,
    missing,
  };
  return { facts, confidential: confidentialOf(state, pulumi.environment, look, call) };
}

async function orMissing<T>(what: string, missing: string[], read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    missing.push(`${what}: ${failureLine(error)}`);
    return undefined;
  }
}

function outputsOf(state: StackState, options: TicketOptions, environment: NodeJS.ProcessEnv) {
  const { support, jambonz, removedLegacy } = state.outputs;
  return {
    support: recordOf(support),
    jambonz: recordOf(jambonz),
    middlewareUrl: middlewareOf(options, state, environment),
    removedLegacy: Array.isArray(removedLegacy) ? removedLegacy.map(String) : [],
  };
}

/** Where Jambonz sends calls to is where the middleware answers. */
export function middlewareOf(
  { middlewareUrl }: Pick<TicketOptions, "middlewareUrl">,
  { outputs }: Pick<StackState, "outputs">,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const { webhook } = recordOf(outputs.jambonz);
  const all = [middlewareUrl, environment.MIDDLEWARE_URL, outputs.middlewareUrl, webhook];
  const found = all.find((url): url is string => typeof url === "string" && URL.canParse(url));
  return found === undefined ? undefined : new URL(found).origin;
}

/** What opens the list of calls: CALLS_TOKEN, else the stack's own. */
export function callsTokenOf(
  { outputs }: Pick<StackState, "outputs">,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const token = environment.CALLS_TOKEN || plainOutput(outputs.callsToken);
  return typeof token === "string" ? token : undefined;
}

async function callOf(
  options: TicketOptions,
  state: StackState,
  environment: NodeJS.ProcessEnv,
): Promise<CallView | undefined> {
  if (options.callId === undefined) return undefined;
  const url = middlewareOf(options, state, environment);
  if (url === undefined) throw new Error("nothing says where the middleware answers; give --middleware URL");
  return readCall(url, options.callId, callsTokenOf(state, environment));
}

function logOf(files: string[], callId: string | undefined): CallLog | undefined {
  return callId === undefined || files.length === 0 ? undefined : readLog(files, callId);
}

function diagnosisOf(look: Look | undefined): Pick<TicketFacts, "findings" | "causes"> {
  if (look?.project === undefined) return { findings: [], causes: causesOf503([], undefined) };
  const known = understandingOf(look.project);
  const { findings } = judge(look.project, [], [], known);
  return { findings, causes: causesOf503(findings, { ms: look.listsMs }, known) };
}

function confidentialOf(
  state: StackState,
  environment: NodeJS.ProcessEnv,
  look: Look | undefined,
  call: CallView | undefined,
): Confidential {
  const project = look?.project;
  return {
    secrets: [...state.secrets, ...secretsOfEnvironment(environment), ...(project ? secretsOfProject(project) : [])],
    numbers: [...(project ? numbersOfProject(project) : []), ...(call ? [call.caller, call.called] : [])],
  };
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
