import { z } from "zod";
import { pulumiFor } from "../drift/pulumi.ts";
import { CliError } from "../errors.ts";
import { connectionFrom, readLiveProject } from "../livekit/connection.ts";
import type { CommandIO } from "../output/io.ts";
import { askMiddleware } from "../ticket/call.ts";
import { callsTokenOf, middlewareOf } from "../ticket/gather.ts";
import { readState } from "../ticket/state.ts";
import { listedCodecsOf, middlewareVariables, transferTargetOf } from "./facts.ts";
import type { Watching } from "./follow.ts";
import { MiddlewareCalls } from "./middleware.ts";
import type { Person } from "./person.ts";
import type { Verification } from "./report.ts";
import { CallRooms } from "./rooms.ts";
import { runTestCalls } from "./run.ts";

type Tell = (line: string) => void;

/** Which calls are to be verified. */
interface Target {
  stack: string;
  kind: Verification["kind"];
  /** The number that is called. */
  number: string;
  /** Where the middleware answers; undefined: what the stack says. */
  middlewareUrl: string | undefined;
}

/**
 * The test calls on a stack that is up. Everything about it is read from its state; nothing is changed.
 * @param person who is at the telephone
 * @throws CliError WRONG_STACK, CANNOT_LOOK, MISSING_SETTING, API_UNREACHABLE, WRONG_KEY, API_REFUSED
 */
export async function verifyStack(target: Target, io: CommandIO, person: Person, tell: Tell): Promise<Verification> {
  const { stack, kind, number } = target;
  const pulumi = await pulumiFor(stack, io);
  const { outputs } = await readState(stack, pulumi);
  const middlewareUrl = middlewareOf(target, { outputs }, pulumi.environment);
  if (middlewareUrl === undefined)
    throw new CliError("MISSING_SETTING", `nothing says where ${stack}'s middleware answers`, "Say --middleware URL.");
  const support = (outputs.support ?? {}) as Record<string, unknown>;
  const variables = middlewareVariables(outputs.services);
  const { LIVEKIT_URL = pulumi.environment.LIVEKIT_URL } = variables;
  const connection = connectionFrom({ ...pulumi.environment, LIVEKIT_URL });
  const watching: Watching = {
    person,
    tell,
    calls: new MiddlewareCalls(middlewareUrl, callsTokenOf({ outputs }, pulumi.environment)),
    rooms: new CallRooms(connection),
    facts: { number, transferTarget: transferTargetOf(variables) },
    listedCodecs: listedCodecsOf(await readLiveProject(connection), [
      support.outboundTrunkId,
      support.sipInboundTrunkId,
    ]),
  };
  const build = await buildOf(middlewareUrl);
  const results = await runTestCalls(watching);
  return { stack, kind, writtenAt: new Date(), number, flow: String(support.callFlow ?? "?"), build, results };
}

/** What runs there, by its own words. A middleware that is not ready still says so. */
async function buildOf(middlewareUrl: string): Promise<string | undefined> {
  const schema = z.object({ build: z.string() });
  const answer = await askMiddleware(middlewareUrl, "/readyz", undefined, schema, "a build").catch(() => undefined);
  return answer?.build === "unknown" ? undefined : answer?.build;
}
