import type { HookReference } from "../webhooks/requestor.ts";
import type { Verb, VerbData } from "./verb.ts";

export interface ConfigData extends VerbData {
  referHook?: HookReference;
}

/** Only `referHook` has an effect here; speech settings have none (read: feature-server lib/tasks/config.js). */
export function config(data: ConfigData): Verb {
  return {
    name: "config",
    needs: "nothing",
    earlyMedia: false,
    run: async (call) => {
      if ("referHook" in data) call.setReferHook(data.referHook);
    },
    kill: () => {},
  };
}
