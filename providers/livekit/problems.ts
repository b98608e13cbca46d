import type { dynamic } from "@pulumi/pulumi";
import type { Plain } from "../dynamic/plain.ts";
import { containsUnknown } from "../dynamic/unknown.ts";
import { hostKey, requireSameHost } from "./environment.ts";
import { leave } from "./leaving.ts";
import { letsEveryoneIn } from "./routing/index.ts";

type Problem = dynamic.CheckFailure;

/**
 * A stack stays with its LiveKit project: another host means new objects with new ids and the end of the old ones, so it has to be said.
 * The way back to the host that a resource came from stays open while the state says so.
 * @throws ENVIRONMENT_MISMATCH when LIVEKIT_URL names another host than the inputs.
 */
export function hostProblems(inputs: { host: string; movedFrom: string }, olds: Plain): Problem[] {
  requireSameHost(inputs.host);
  const { host: before, movedFrom: cameFrom } = olds;
  if (inputs.movedFrom !== "") leave(inputs.movedFrom, inputs.host);
  if (typeof before !== "string" || before === "" || containsUnknown(before) || before === inputs.host) return [];
  if (inputs.movedFrom === before) return [];
  if (cameFrom === inputs.host) {
    leave(before, inputs.host);
    return [];
  }
  const reason = `HOST_CHANGED: it lives in the LiveKit project at ${hostKey(before)}, and ${hostKey(inputs.host)} is another one: everything would be deleted there and made anew here, with new ids. If that is meant, set movedFrom to "${before}".`;
  return [{ property: "host", reason }];
}

/** A user without a password, or the reverse, is a mistake that only the first call would show. */
export function credentialProblems({
  authUsername,
  authPassword,
}: {
  authUsername: string;
  authPassword: string;
}): Problem[] {
  if ((authUsername === "") === (authPassword === "")) return [];
  const property = authUsername === "" ? "authUsername" : "authPassword";
  return [{ property, reason: "is empty: digest credentials are a user name and a password, or neither." }];
}

/**
 * A trunk that takes calls from everybody to every number: without any limit LiveKit refuses it; with addresses that let the whole internet in it
 * does not, and every scanner's call reaches an agent (livekit/sip#663).
 */
export function openTrunkProblems(trunk: {
  authUsername: string;
  allowedAddresses: string[];
  calledNumbers: string[];
  open?: boolean | undefined;
}): Problem[] {
  const { allowedAddresses, open } = trunk;
  if (trunk.authUsername !== "" || trunk.calledNumbers.length > 0) return [];
  if (allowedAddresses.length === 0) {
    const reason =
      "is empty, and so are allowedAddresses and calledNumbers: LiveKit refuses a trunk that is open to everybody.";
    return [{ property: "authUsername", reason }];
  }
  if (open || !letsEveryoneIn(allowedAddresses)) return [];
  const reason = `OPEN_TRUNK: ${allowedAddresses.join(", ")} lets everybody in, and neither credentials nor calledNumbers limit who may call. List the carrier's addresses, set credentials, or set open: true if that is meant.`;
  return [{ property: "allowedAddresses", reason }];
}

/** A rule without trunks also answers calls that match no trunk, without authentication: nobody gets that by an empty list. */
export function wildcardProblems(rule: { trunkIds?: string[]; everyTrunk: boolean }): Problem[] {
  const { trunkIds, everyTrunk } = rule;
  if (trunkIds === undefined) return []; // an adopted rule's, as they were found
  if ((trunkIds.length === 0) === everyTrunk) return [];
  const reason = everyTrunk
    ? "names trunks, but everyTrunk is set: choose one."
    : "is empty: such a rule answers calls of every trunk, and calls that match no trunk, without authentication. Name the trunks, or set everyTrunk if that is meant.";
  return [{ property: "trunkIds", reason }];
}
