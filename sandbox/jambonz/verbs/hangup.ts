import type { Verb, VerbData } from "./verb.ts";

export interface HangupData extends VerbData {
  headers?: Record<string, string>;
}

/** BYE with headers; skipped where the call was never answered (read: feature-server lib/tasks/hangup.js). */
export function hangup(data: HangupData): Verb {
  return {
    name: "hangup",
    needs: "answered",
    earlyMedia: false,
    run: async (call) => call.hangUp(data.headers),
    kill: () => {},
  };
}
