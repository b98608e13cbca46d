import { parseAddress, parseBlock } from "./addresses.ts";
import { isPasswordHidden } from "./credentials.ts";
import type { FindingCode } from "./findings/catalogue.ts";
import { inQuotes } from "./findings/survey.ts";
import { isMapped, meantMask } from "./mask-cure.ts";
import { isHostName, isMalformed } from "./masks.ts";
import type { PreparedTrunk } from "./prepared.ts";
import type { Finding, Severity, Target } from "./types.ts";

/** What is to be said about a trunk by itself. */
export function lintTrunk(
  { trunk, masks }: PreparedTrunk,
  { target, hasRule }: { target: Target; hasRule: boolean },
): Finding[] {
  const about = (code: FindingCode, severity: Severity, message: string) => ({
    code,
    severity,
    ids: [trunk.id],
    message,
  });
  const { allowedAddresses = [], authUsername = "", authPassword = "" } = trunk;
  const found: Finding[] = [];
  if (!hasRule)
    found.push(
      about("TRUNK_WITHOUT_RULE", "error", "No dispatch rule takes the calls of this trunk: they are never answered."),
    );
  if ((authUsername === "") !== (authPassword === "") && !isPasswordHidden(trunk, target))
    found.push(
      about("HALF_CREDENTIALS", "error", "Only one of user name and password is set: nobody is asked for either."),
    );
  if (allowedAddresses.length > 0 && masks.open) {
    const list = allowedAddresses.map(inQuotes).join(", ");
    found.push(
      about("ALL_MASKS_INVALID", "error", `LiveKit ignores every allowed address (${list}): the trunk is open to all.`),
    );
    return found;
  }
  for (const mask of allowedAddresses) {
    const text = inQuotes(mask);
    if (neverMatches(mask)) {
      const meant = meantMask(mask);
      const advice = meant === undefined ? "" : ` Write ${meant}.`;
      found.push(about("MASK_NEVER_MATCHES", "warning", `No source address matches ${text}.${advice}`));
    } else if (isHostName(mask) && !parseAddress(mask))
      found.push(
        about(
          "MASK_MATCHES_FROM_HOST_ONLY",
          "warning",
          `${text} matches the host in From only, which every caller can choose.`,
        ),
      );
  }
  return found;
}

/**
 * Malformed, neither address nor host name, the address that means "none" and no packet comes from, or IPv4-mapped: livekit-sip shows an IPv4
 * source as IPv4.
 */
function neverMatches(mask: string): boolean {
  if (isMalformed(mask)) return true;
  if (parseAddress(mask)?.bits === 0n) return true;
  const block = parseBlock(mask.includes("/") ? mask : `${mask}/128`);
  if (block !== undefined) return isMapped(block);
  return !block && !parseAddress(mask) && !isHostName(mask);
}
