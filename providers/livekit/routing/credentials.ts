import type { Target, Trunk } from "./types.ts";

/** A user name or password alone asks for nothing. Cloud does not show passwords: an empty one says nothing there. */
export function asksForCredentials(trunk: Trunk, target: Target): boolean {
  return Boolean(trunk.authUsername) && (Boolean(trunk.authPassword) || isPasswordHidden(trunk, target));
}

/** Whether a trunk without a password may have one. */
export function isPasswordHidden({ isPasswordShown }: Pick<Trunk, "isPasswordShown">, target: Target): boolean {
  return target === "cloud" && isPasswordShown !== true;
}
