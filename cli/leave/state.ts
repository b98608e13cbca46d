import type { Mark } from "../../providers/dynamic/marks.ts";
import { hostKey } from "../../providers/livekit/environment.ts";
import { exportedState } from "../drift/exported-state.ts";
import type { Pulumi } from "../drift/pulumi.ts";
import { CliError } from "../errors.ts";

/** What the state says about a move. */
export interface Move {
  /** The identity of the stack. */
  owner: Mark;
  /** The project that was left. */
  from: string;
  /** Ids of everything in the state. */
  ids: ReadonlySet<string>;
}

/**
 * @param from the host that was left, where the state does not say it any more
 * @throws CliError WRONG_STACK, CANNOT_LOOK, NOTHING_LEFT
 */
export async function moveOf(stack: string, pulumi: Pulumi): Promise<Move> {
  const { ids, guard, owner } = await exportedState(stack, pulumi);
  const { host, movedFrom } = guard;
  if (owner === undefined || typeof host !== "string" || typeof movedFrom !== "string" || movedFrom === "")
    throw new CliError(
      "NOTHING_LEFT",
      `The state of the stack "${stack}" knows of no LiveKit project that it has left`,
      "Set livekitMovedFrom in its stack file and run pulumi up, then try again.",
    );
  if (hostKey(host) === hostKey(movedFrom))
    throw new CliError("NOTHING_LEFT", `The stack "${stack}" is in the LiveKit project at ${hostKey(host)} itself`, "");
  return { owner, from: movedFrom, ids };
}
