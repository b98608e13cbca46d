import type { Target, Trunk } from "./types.ts";

/** A user name or password alone asks for nothing. Cloud does not show passwords: an empty one says nothing there. */
export function asksForCredentials(trunk: Trunk, target: Target): boolean {
  return Boolean(trunk.authUsername) && (Boolean(trunk.authPassword) || target === "cloud");
}
