import type { HookReference } from "../webhooks/requestor.ts";
import type { Verb, VerbData } from "./verb.ts";

export interface RedirectData extends VerbData {
  actionHook: HookReference;
  statusHook?: HookReference;
}

/** Asks another hook for the next verbs; its failure ends the call (read: feature-server lib/tasks/redirect.js). */
export function redirect(data: RedirectData): Verb {
  return {
    name: "redirect",
    needs: "nothing",
    earlyMedia: false,
    run: async (call) => {
      call.setOrigin(data.actionHook, data.statusHook);
      await call.performAction(data, {});
    },
    kill: () => {},
  };
}
