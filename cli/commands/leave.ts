import { LiveKitClient } from "../../providers/livekit/client.ts";
import { hostKey, previousCredentials } from "../../providers/livekit/environment.ts";
import { leftText, markedObjects, removeObject } from "../../providers/livekit/left-objects.ts";
import { jsonText } from "../../providers/text/foreign.ts";
import { pulumiFor } from "../drift/pulumi.ts";
import { CliError } from "../errors.ts";
import { LEAVE_HELP, parseLeaveOptions } from "../leave/options.ts";
import { type Move, moveOf } from "../leave/state.ts";
import { wantsHelp } from "../options.ts";
import { type CommandIO, processIO } from "../output/io.ts";

/** `trunkline leave`: the last step of a move to another LiveKit project, when the keys of the old one were not at hand. Idempotent. */
export async function leave(args: string[], io: CommandIO = processIO()): Promise<number> {
  if (wantsHelp(args)) return io.done(0, LEAVE_HELP);
  const { stack, isConfirmed, json } = parseLeaveOptions(args);
  const move = await moveOf(stack, await pulumiFor(stack, io));
  const client = clientFor(move.from, io.environment);
  const objects = (await markedObjects(client, move.owner)).filter(({ id }) => !move.ids.has(id));
  if (isConfirmed) for (const object of objects) await removeObject(client, object);
  if (json)
    io.print(jsonText({ format: "trunkline.leave/1", host: hostKey(move.from), objects, removed: isConfirmed }));
  else for (const line of lines(objects, move, isConfirmed)) io.print(line);
  return isConfirmed || objects.length === 0 ? 0 : 1;
}

function lines(objects: Parameters<typeof leftText>[0][], { from }: Move, isConfirmed: boolean): string[] {
  if (objects.length === 0) return [`nothing is left in the LiveKit project at ${hostKey(from)}`];
  const told = objects.map((object) => `${isConfirmed ? "removed" : "left"}  ${leftText(object, from)}`);
  return isConfirmed ? told : [...told, "Nothing was changed. Pass --yes to remove them."];
}

function clientFor(host: string, environment: NodeJS.ProcessEnv): LiveKitClient {
  const credentials = previousCredentials(environment);
  if (credentials !== undefined) return new LiveKitClient(host, credentials);
  throw new CliError(
    "MISSING_SETTING",
    "LIVEKIT_PREVIOUS_API_KEY and LIVEKIT_PREVIOUS_API_SECRET not set",
    `Set the keys of the LiveKit project at ${hostKey(host)}.`,
  );
}
