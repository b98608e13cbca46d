import { pulumiFor } from "../drift/pulumi.ts";
import { CliError } from "../errors.ts";
import { connectionFrom, readLiveProject } from "../livekit/connection.ts";
import type { CommandIO } from "../output/io.ts";
import type { SandboxStack } from "../sandbox/sandbox-stack.ts";
import { askMiddleware } from "../ticket/call.ts";
import { middlewareOf } from "../ticket/gather.ts";
import { readState } from "../ticket/state.ts";
import { listedCodecsOf, middlewareVariables, transferTargetOf } from "./facts.ts";
import type { Watching } from "./follow.ts";
import { MiddlewareCalls } from "./middleware.ts";
import type { VerifyOptions } from "./options.ts";
import type { Person } from "./person.ts";
import type { Verification } from "./report.ts";
import { Robot } from "./robot.ts";
import { CallRooms } from "./rooms.ts";
import { runTestCalls } from "./run.ts";

/** The called number of the stack `local`. */
const SANDBOX_NUMBER = "+493012345678";

type Tell = (line: string) => void;

/** What is known of a stack whose calls are to be verified. */
interface Surroundings {
  kind: Verification["kind"];
  stack: string;
  number: string;
  middlewareUrl: string;
  token: string | undefined;
  /** The stack's outputs. */
  outputs: Record<string, unknown>;
  /** With LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET. */
  environment: NodeJS.ProcessEnv;
}

/** The test calls in a sandbox that is up: nobody is asked anything. */
export function verifySandbox(stack: SandboxStack, number: string | undefined, tell: Tell): Promise<Verification> {
  const { livekit } = stack.servers;
  const environment = {
    LIVEKIT_URL: livekit.url,
    LIVEKIT_API_KEY: livekit.apiKey,
    LIVEKIT_API_SECRET: livekit.apiSecret,
  };
  const { middlewareUrl } = stack;
  const outputs = { ...stack.outputs };
  const own = { kind: "sandbox", stack: "local", number: number ?? SANDBOX_NUMBER, token: undefined } as const;
  return run({ ...own, middlewareUrl, outputs, environment }, new Robot(stack), tell);
}

/**
 * The test calls on a stack that is deployed.
 * @param person who is at the telephone
 * @throws CliError WRONG_STACK, CANNOT_LOOK, MISSING_SETTING, API_UNREACHABLE, WRONG_KEY, API_REFUSED
 */
export async function verifyLive(
  { stack, number = "", middlewareUrl: given }: Pick<VerifyOptions, "stack" | "number" | "middlewareUrl">,
  io: CommandIO,
  person: Person,
  tell: Tell,
): Promise<Verification> {
  const pulumi = await pulumiFor(stack, io);
  const state = await readState(stack, pulumi);
  const { outputs } = state;
  const middlewareUrl = middlewareOf({ middlewareUrl: given }, state, pulumi.environment);
  if (middlewareUrl === undefined)
    throw new CliError("MISSING_SETTING", `nothing says where ${stack}'s middleware answers`, "Say --middleware URL.");
  const { LIVEKIT_URL } = middlewareVariables(outputs.services);
  const environment = { ...pulumi.environment, ...(LIVEKIT_URL !== undefined && { LIVEKIT_URL }) };
  const { CALLS_TOKEN: token } = pulumi.environment;
  return run({ kind: "live", stack, number, middlewareUrl, token, outputs, environment }, person, tell);
}

async function run(
  { kind, stack, number, middlewareUrl, token, outputs, environment }: Surroundings,
  person: Person,
  tell: Tell,
): Promise<Verification> {
  const connection = connectionFrom(environment);
  const support = (outputs.support ?? {}) as Record<string, unknown>;
  const ids = [support.outboundTrunkId, support.sipInboundTrunkId];
  const watching: Watching = {
    person,
    tell,
    calls: new MiddlewareCalls(middlewareUrl, token),
    rooms: new CallRooms(connection),
    facts: { number, transferTarget: transferTargetOf(middlewareVariables(outputs.services)) },
    listedCodecs: listedCodecsOf(await readLiveProject(connection), ids),
  };
  const build = await buildOf(middlewareUrl);
  const results = await runTestCalls(watching);
  return { stack, kind, writtenAt: new Date(), number, flow: String(support.callFlow ?? "?"), build, results };
}

/** What runs there, by its own words. A middleware that is not ready still says so. */
async function buildOf(middlewareUrl: string): Promise<string | undefined> {
  const answer = await askMiddleware(middlewareUrl, "/readyz", undefined).catch(() => undefined);
  const { build } = (answer ?? {}) as { build?: unknown };
  return typeof build === "string" && build !== "unknown" ? build : undefined;
}
