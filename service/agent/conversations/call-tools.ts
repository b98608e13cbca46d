import { llm } from "@livekit/agents";
import { z } from "zod";
import { isKey, sendKey } from "../telephony/dtmf.ts";
import type { TelephonySettings } from "../telephony/settings.ts";
import { transfer } from "../telephony/transfer.ts";
import type { LiveCall } from "./conversation.ts";

/** The call that a session's tools work on, from the moment there is one. */
export interface ToolCall {
  live?: LiveCall;
}

/** What a model may do with a call. A target is chosen by its place in the declared list: a model has no way to name a number. */
export function callTools(toolCall: ToolCall, { transferTargets }: TelephonySettings) {
  const live = () => {
    if (!toolCall.live) throw new llm.ToolError("The call has not begun yet");
    return toolCall.live;
  };
  const hangUp = llm.tool({
    description: "Ends the call. Say good-bye first.",
    execute: async () => live().end.end("agent_hung_up"),
  });
  const pressKeys = llm.tool({
    description: "Presses keys of the telephone, as in another party's menu.",
    parameters: z.object({ keys: z.string().regex(/^[0-9*#]{1,20}$/) }),
    execute: async ({ keys }) => {
      for (const key of [...keys].filter(isKey)) await sendKey(live().room, key);
    },
  });
  if (transferTargets.length === 0) return { hangUp, pressKeys };
  const transferCall = llm.tool({
    description: `Hands the caller to a human. There are ${transferTargets.length} of them, counted from 1.`,
    parameters: z.object({ human: z.number().int().min(1).max(transferTargets.length) }),
    execute: async ({ human }) => {
      const { call, caller, act } = live();
      const parts = { call, identity: caller.identity, targets: transferTargets, act };
      await transfer(transferTargets[human - 1] ?? "", parts);
    },
  });
  return { hangUp, pressKeys, transferCall };
}
