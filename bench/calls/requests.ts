import type { System } from "../../sandbox/calls/system.ts";

/** Requests to LiveKit's API so far, by method. */
export type LiveKitRequests = ReadonlyMap<string, number>;

const LINE = /^trunkline_livekit_requests_total\{method="(\w+)",status="\w+"\} (\d+)$/gm;

/** As the middleware counts its own. */
export async function livekitRequests(system: System): Promise<LiveKitRequests> {
  const found = new Map<string, number>();
  for (const [, method = "", count] of (await system.metrics()).matchAll(LINE))
    found.set(method, (found.get(method) ?? 0) + Number(count));
  return found;
}
