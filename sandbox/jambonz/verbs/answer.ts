import type { Verb } from "./verb.ts";

/** Answers the call; everything is done by what it needs (read: feature-server lib/tasks/answer.js). */
export function answer(): Verb {
  return { name: "answer", needs: "media", earlyMedia: false, run: async () => {}, kill: () => {} };
}
