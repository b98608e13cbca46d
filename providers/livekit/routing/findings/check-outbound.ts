import { isPasswordHidden } from "../credentials.ts";
import type { Finding } from "../types.ts";
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
const LIVEKIT_SIP = /^([a-z0-9-]+)\.sip\.livekit\.cloud$/i;

function addressOf({ id, address, fromHost }: OutboundTrunk, project: string): Finding[] | undefined {
  const uri = [address, fromHost].find((text) => /^sips?:|@|;|transport=/i.test(text));
  if (/^(wss?|https?):\/\//i.test(address))
    return [finding("OUTBOUND_ADDRESS_IS_URL", [id], `${inQuotes(address)} is a URL, not a SIP host.`)];
  if (uri !== undefined)
    return [finding("OUTBOUND_ADDRESS_IS_URI", [id], `${inQuotes(uri)} is a SIP URI: LiveKit wants the host alone.`)];
  const host = hostOf(address);
  const subdomain = LIVEKIT_SIP.exec(host)?.[1];
  if (isOwnHost(address, subdomain, project))
    return [
      finding(
        "OUTBOUND_TO_OWN_HOST",
        [id],
        `${inQuotes(address)} is this project's own SIP host: the calls come back in.`,
      ),
    ];
  if (subdomain !== undefined)
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

/** Cloud's SIP host is named after the project, or after the end of its name; a server of one's own speaks SIP at port 5060. */
function isOwnHost(address: string, subdomain: string | undefined, project: string): boolean {
  const own = hostOf(project).toLowerCase();
  const name = /^([a-z0-9-]+)\.livekit\.cloud$/.exec(own)?.[1];
  if (subdomain !== undefined)
    return name !== undefined && (name === subdomain.toLowerCase() || name.endsWith(`-${subdomain.toLowerCase()}`));
  return (
    own !== "" &&
    name === undefined &&
    hostOf(address).toLowerCase() === own &&
    (portIn(address) ?? DEFAULT_PORT) === DEFAULT_PORT
  );
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
    ...(country === "" || /^[a-z]{2}$/i.test(country)
      ? []
      : [finding("OUTBOUND_COUNTRY", [id], `${inQuotes(country)} is not a two-letter country code.`)]),
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

/** Of `host`, `host:port`, `[IPv6]:port`. */
function hostOf(address: string): string {
  return (address.split(" ")[0] ?? "").replace(/:\d+$/, "");
}

function portIn(address: string): string | undefined {
  return /[^:]:(\d+)$/.exec(address)?.[1];
}
