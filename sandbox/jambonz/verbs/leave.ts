import type { Verb } from "./verb.ts";

/**
 * Ends the queue when a waitHook answers it; enqueue looks for it by name and never runs it. Anywhere else it waits
 * until it is killed, as the server's does (read: feature-server lib/tasks/leave.js) (seen live: jambonz-live, section 5).
 */
export function leave(): Verb {
  const over = Promise.withResolvers<void>();
  return { name: "leave", needs: "nothing", earlyMedia: false, run: () => over.promise, kill: () => over.resolve() };
}
