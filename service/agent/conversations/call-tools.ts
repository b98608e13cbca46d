import { setTimeout as sleep } from "node:timers/promises";
import { llm, type voice } from "@livekit/agents";
import { clockMs } from "@trunkline/shared";
import { z } from "zod";
import { isKey, sendKey } from "../telephony/dtmf.ts";
import type { TelephonySettings } from "../telephony/settings.ts";
import { TransferError, transfer } from "../telephony/transfer.ts";
import type { LiveCall } from "./conversation.ts";

/** The call that a session's tools work on, from the moment there is one. */
export interface ToolCall {
  live?: LiveCall;
  /** Until the caller speaks or presses a key. */
  hold?: () => void;
}

/** What is said in the same answer as a tool is called is to be heard whole: its last 0.1 s are still on their way when it has been played. */
export const ON_ITS_WAY_MS = 250;

/** What a model may do with a call. A target is chosen by its place in the declared list: a model has no way to name a number. */
export function callTools(toolCall: ToolCall, { transferTargets }: TelephonySettings) {
  const live = () => {
    if (!toolCall.live) throw new llm.ToolError("The call has not begun yet");
    return toolCall.live;
  };
  const hangUp = llm.tool({
    description: "Ends the call. Say good-bye first, in the same answer.",
    execute: async (_, { ctx }) =>
      logged("hangUp", live(), async () => {
        await hasSpoken(ctx, live());
        if (ctx.speechHandle.interrupted) throw new llm.ToolError("The caller speaks: the call goes on");
        live().end.end("agent_hung_up");
      }),
  });
  const pressKeys = llm.tool({
    description: "Presses keys of the telephone, as in another party's menu.",
    parameters: z.object({ keys: z.string().regex(/^[0-9*#]{1,20}$/) }),
    execute: async ({ keys }) =>
      logged("pressKeys", live(), async () => {
        for (const key of [...keys].filter(isKey)) await sendKey(live().room, key);
        return "The keys were pressed";
      }),
  });
  const hold = llm.tool({
    description:
      "Puts the caller on hold. They hear a tone until they speak or press a key. Say before that they are to wait.",
    execute: async (_, { ctx }) =>
      logged("hold", live(), async () => {
        await hasSpoken(ctx, live());
        toolCall.hold?.();
      }),
  });
  if (transferTargets.length === 0) return { hangUp, pressKeys, hold };
  const transferCall = llm.tool({
    description: `Hands the caller to a human. There are ${transferTargets.length} of them, counted from 1. Say so before, in the same answer.`,
    parameters: z.object({ human: z.number().int().min(1).max(transferTargets.length) }),
    execute: async ({ human }, { ctx }) =>
      logged("transferCall", live(), async () => {
        const { call, caller, act } = live();
        await hasSpoken(ctx, live());
        const parts = { call, identity: caller.identity, targets: transferTargets, act };
        await transfer(transferTargets[human - 1] ?? "", parts).catch(refused);
      }),
  });
  return { hangUp, pressKeys, hold, transferCall };
}

/** Until what the model has said before it called the tool was heard. @throws CallEnded */
async function hasSpoken(ctx: voice.RunContext, { end }: LiveCall): Promise<void> {
  await end.during(ctx.waitForPlayout());
  await end.during(sleep(ON_ITS_WAY_MS));
}

/** A model can do something about it: the framework hides every other error from it. */
function refused(error: unknown): never {
  throw error instanceof TransferError
    ? new llm.ToolError("The transfer did not come about. The caller is still with you: say so.")
    : error;
}

/** A line in the log for each use of a tool, without what it was given. */
async function logged<T>(tool: string, { log }: LiveCall, work: () => Promise<T>): Promise<T> {
  const startedAt = clockMs();
  try {
    const result = await work();
    log.info({ event: "tool.finished", tool, ms: clockMs() - startedAt }, "The model has used a tool");
    return result;
  } catch (error) {
    log.warn(
      { event: "tool.failed", tool, ms: clockMs() - startedAt, err: error },
      "A tool of the model had no effect",
    );
    throw error;
  }
}
