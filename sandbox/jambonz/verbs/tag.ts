import type { Verb, VerbData } from "./verb.ts";

export interface TagData extends VerbData {
  data: object;
}

/** Sets `customerData` for every later webhook of the call (read: feature-server lib/tasks/tag.js). */
export function tag(data: TagData): Verb {
  return {
    name: "tag",
    needs: "nothing",
    earlyMedia: false,
    run: async (call) => {
      call.info.customerData = data.data;
    },
    kill: () => {},
  };
}
