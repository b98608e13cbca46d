import type { Target } from "../../providers/livekit/routing/index.ts";

/** What is said of a project whose host was not given. */
export const ASSUMED_TARGET = "host not given, so judged as the open-source server; --host says which";

/** LiveKit Cloud answers some calls in another way than the open-source server. */
export function targetOf(host: string): Target {
  return /\.livekit\.cloud\.?(:|$|\s|,)/.test(host) ? "cloud" : "open-source";
}
