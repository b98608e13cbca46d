import { parseAddress } from "../addresses.ts";
import { isPasswordHidden } from "../credentials.ts";
import type { Finding } from "../types.ts";
import { isIsoCountry } from "./countries.ts";
import { isPlaceholder } from "./number-form.ts";
import { isPrivateHost } from "./private-addresses.ts";
import { finding, inQuotes, type OutboundTrunk, type Prepared } from "./survey.ts";

/** Outbound trunks by themselves. */
export function checkOutbound({ outbound, host, target }: Prepared): Finding[] {
  return outbound.flatMap((trunk) => [
    ...(addressOf(trunk, host) ?? []),
    ...portOf(trunk),
    ...(target === "cloud" && isPrivateHost(hostOf(trunk.address))
      ? [
          finding(
            "OUTBOUND_PRIVATE_ADDRESS_ON_CLOUD",
            [trunk.id],
            `LiveKit Cloud cannot reach ${inQuotes(trunk.address)}.`,
          ),
        ]
      : []),
    ...fieldsOf(trunk),
    ...credentialsOf(trunk, target),
  ]);
}

const DEFAULT_PORT = "5060";
const TLS_PORT = "5061";
/** A project's SIP host, with a region in it or without (docs.livekit.io/telephony/features/region-pinning). */
const LIVEKIT_SIP = /^(?:([a-z0-9-]+)\.)?(?:[a-z0-9-]+\.)?sip\.livekit\.cloud$/i;

function addressOf({ id, address, fromHost }: OutboundTrunk, project: string): Finding[] | undefined {
  const uri = [address, fromHost].find((text) => /^sips?:|@|;|transport=/i.test(text));
  if (/^(wss?|https?):\/\//i.test(address))
    return [finding("OUTBOUND_ADDRESS_IS_URL", [id], `${inQuotes(address)} is a URL, not a SIP host.`)];
  if (uri !== undefined)
    return [finding("OUTBOUND_ADDRESS_IS_URI", [id], `${inQuotes(uri)} is a SIP URI: LiveKit wants the host alone.`)];
  const problem = invalid(address);
  if (problem !== undefined)
    return [finding("OUTBOUND_ADDRESS_INVALID", [id], `${inQuotes(address)} is no host: ${problem}.`)];
  const host = hostOf(address);
  const livekit = LIVEKIT_SIP.exec(host);
  const own = ownHost(address, livekit?.[1], project);
  if (own !== undefined)
    return [finding("OUTBOUND_TO_OWN_HOST", [id], `${inQuotes(address)} ${own}: then the calls come back in.`)];
  if (livekit !== null)
    return [
      finding(
        "OUTBOUND_TO_OTHER_LIVEKIT",
        [id],
        `${inQuotes(address)} is a SIP host of LiveKit Cloud, not a carrier's.`,
      ),
    ];
  if (/\.livekit\.cloud$/i.test(host))
    return [
      finding("OUTBOUND_ADDRESS_IS_URL", [id], `${inQuotes(address)} is LiveKit's API host, where no SIP is spoken.`),
    ];
  return undefined;
}

/** Host names (RFC 1123), and the underscores that some have. */
const HOST_NAME = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i;
const LAST_PORT = 65_535;

/** Why an address cannot be called: it is neither a name nor an IP address, with a port or without. */
function invalid(address: string): string | undefined {
  if (address.trim() === "" || isPlaceholder(address)) return undefined;
  if (/\s/.test(address)) return "it has a space in it";
  if (address.includes("/")) return "it has a slash in it";
  const port = portIn(address);
  if (port !== undefined && (Number(port) === 0 || Number(port) > LAST_PORT)) return `there is no port ${port}`;
  const host = parseAddress(address) ? address : hostOf(address);
  const bracketed = /^\[(.*)\]$/.exec(host)?.[1];
  if (bracketed !== undefined)
    return parseAddress(bracketed)?.version === 6 ? undefined : "no IPv6 address is in its brackets";
  if (/^[\d.]+$/.test(host) && parseAddress(host) === undefined)
    return "it is not an IP address, which has four numbers up to 255";
  return HOST_NAME.test(host) || parseAddress(host) ? undefined : "a host has letters, digits, hyphens and dots";
}

/**
 * What speaks for an address being the project's own. Cloud's SIP host is named after the project's id, which the API does not show; the project's
 * name, or its end, often is the same. A server of one's own speaks SIP at port 5060.
 */
function ownHost(address: string, subdomain: string | undefined, project: string): string | undefined {
  const own = hostOf(project).toLowerCase();
  const name = /^([a-z0-9-]+)\.livekit\.cloud$/.exec(own)?.[1];
  const like = subdomain?.toLowerCase();
  if (like !== undefined)
    return name === like || name?.endsWith(`-${like}`) ? "may be this project's own SIP host" : undefined;
  const isSame =
    own !== "" &&
    name === undefined &&
    hostOf(address).toLowerCase() === own &&
    (portIn(address) ?? DEFAULT_PORT) === DEFAULT_PORT;
  return isSame ? "is the LiveKit server's own host, where its SIP service may be, too" : undefined;
}

function portOf({ id, address, transport }: OutboundTrunk): Finding[] {
  const port = portIn(address);
  const isWrong = transport === "tls" ? port === DEFAULT_PORT : port === TLS_PORT;
  return isWrong
    ? [
        finding(
          "OUTBOUND_TLS_PORT",
          [id],
          `Port ${port} with transport ${transport}: 5061 is for TLS, 5060 for UDP and TCP.`,
        ),
      ]
    : [];
}

function fieldsOf({ id, address, numbers, country }: OutboundTrunk): Finding[] {
  return [
    ...(address.trim() === "" ? [finding("OUTBOUND_WITHOUT_ADDRESS", [id], "The trunk has no address to call.")] : []),
    ...(numbers.length === 0
      ? [finding("OUTBOUND_WITHOUT_NUMBERS", [id], "The trunk has no numbers to call from.")]
      : []),
    ...(country === "" || isIsoCountry(country)
      ? []
      : [
          finding(
            "OUTBOUND_COUNTRY",
            [id],
            `${inQuotes(country)} is no country code of ISO 3166.${/^uk$/i.test(country) ? " The United Kingdom is gb." : ""}`,
          ),
        ]),
  ];
}

/** LiveKit Cloud shows no passwords: there a user name alone says nothing. */
function credentialsOf(trunk: OutboundTrunk, target: Prepared["target"]): Finding[] {
  const { id, authUsername, authPassword, address } = trunk;
  const half =
    authUsername === "" && authPassword !== ""
      ? "A password without a user name."
      : authUsername !== "" && authPassword === "" && !isPasswordHidden(trunk, target)
        ? "A user name without a password."
        : undefined;
  const values = [authUsername, authPassword];
  return [
    ...(half === undefined ? [] : [finding("OUTBOUND_HALF_CREDENTIALS", [id], half)]),
    ...(values.some((value) => /^\s|\s$|\p{Cc}/u.test(value))
      ? [
          finding(
            "CREDENTIALS_WITH_SPACES",
            [id],
            "User name or password begins or ends with a space, or has a character that cannot be seen.",
          ),
        ]
      : []),
    ...([...values, address].some(isPlaceholder)
      ? [finding("PLACEHOLDER_VALUE", [id], "Address, user name or password was left over from an example.")]
      : []),
  ];
}

/** Of `host`, `host:port`, `[IPv6]:port`; the dot at a name's end, which is none of its letters, is left out. */
function hostOf(address: string): string {
  return (address.split(" ")[0] ?? "").replace(/:\d+$/, "").replace(/\.$/, "");
}

function portIn(address: string): string | undefined {
  return /[^:]:(\d+)$/.exec(address)?.[1];
}
