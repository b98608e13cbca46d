import { type Block, parseBlock } from "../addresses.ts";
import { asksForCredentials } from "../credentials.ts";
import { letsEveryoneIn } from "../openness.ts";
import type { PreparedTrunk } from "../prepared.ts";
import type { Finding, Target } from "../types.ts";
import { isPlaceholder } from "./number-form.ts";
import { isPrivate } from "./private-addresses.ts";
import { finding, type Prepared, some } from "./survey.ts";

/** Who is let in over inbound trunks. */
export function checkAccess({ prepared, target }: Prepared): Finding[] {
  return [
    ...prepared.flatMap((trunk) => [
      ...openness(trunk, target),
      ...credentials(trunk, target),
      ...unreachable(trunk, target),
    ]),
    ...twins(prepared, target),
  ];
}

function openness({ trunk, called, callers, masks }: PreparedTrunk, target: Target): Finding[] {
  if (masks.open || !letsEveryoneIn(trunk.allowedAddresses ?? []) || asksForCredentials(trunk, target)) return [];
  const list = some(trunk.allowedAddresses ?? []);
  const but = callers.size > 0 ? " who writes an allowed number into From" : "";
  return called.size === 0
    ? [
        finding(
          "TRUNK_OPEN_TO_EVERYONE",
          [trunk.id],
          `No credentials, no called numbers, and the addresses ${list} let everybody in${but}.`,
        ),
      ]
    : [
        finding(
          "ADDRESSES_LET_EVERYONE_IN",
          [trunk.id],
          `The addresses ${list} let everybody in who knows the number.`,
        ),
      ];
}

/** Where Twilio's elastic trunks call from (twilio.com/docs/sip-trunking/ip-addresses). */
const TWILIO = [
  "54.172.60.0/23",
  "54.244.51.0/24",
  "54.171.127.192/26",
  "35.156.191.128/25",
  "54.65.63.192/26",
  "54.169.127.128/26",
  "54.252.254.64/26",
  "177.71.206.192/26",
  "168.86.128.0/18",
].flatMap((block) => parseBlock(block) ?? []);

function credentials({ trunk, masks }: PreparedTrunk, target: Target): Finding[] {
  const { id, authUsername = "", authPassword = "", authRealm = "" } = trunk;
  const values = [authUsername, authPassword, authRealm];
  const isTwilio =
    masks.blocks.length > 0 && masks.blocks.every((block) => TWILIO.some((range) => isWithin(block, range)));
  return [
    ...(values.some((value) => /^\s|\s$|\p{Cc}/u.test(value))
      ? [
          finding(
            "CREDENTIALS_WITH_SPACES",
            [id],
            "User name, password or realm begins or ends with a space, or has a character that cannot be seen.",
          ),
        ]
      : []),
    ...(values.some(isPlaceholder)
      ? [finding("PLACEHOLDER_VALUE", [id], "User name, password or realm was left over from an example.")]
      : []),
    ...(isTwilio && asksForCredentials(trunk, target)
      ? [
          finding(
            "CARRIER_SENDS_NO_CREDENTIALS",
            [id],
            `The trunk asks Twilio's addresses for credentials, which Twilio does not send${ifItHasOne(trunk)}.`,
          ),
        ]
      : []),
  ];
}

/** LiveKit Cloud shows no passwords, and without one a trunk asks for nothing. */
function ifItHasOne({ authPassword }: PreparedTrunk["trunk"]): string {
  return authPassword ? "" : ", if it has a password, which LiveKit Cloud does not show";
}

function isWithin(block: Block, range: Block): boolean {
  return block.version === range.version && range.first <= block.first && block.last <= range.last;
}

function unreachable({ trunk, masks }: PreparedTrunk, target: Target): Finding[] {
  const { blocks, texts } = masks;
  if (target !== "cloud" || blocks.length === 0 || blocks.length < texts.size || !blocks.every(isPrivate)) return [];
  return [
    finding(
      "PRIVATE_ADDRESSES_ON_CLOUD",
      [trunk.id],
      `${some(trunk.allowedAddresses ?? [])}: LiveKit Cloud sees public addresses only.`,
    ),
  ];
}

/** Trunks for the same called number, of which one asks for credentials and one does not; each pair once. */
function twins(prepared: readonly PreparedTrunk[], target: Target): Finding[] {
  const byNumber = new Map<string, PreparedTrunk[]>();
  for (const trunk of prepared)
    for (const number of trunk.called.size > 0 ? trunk.called : [""])
      byNumber.set(number, [...(byNumber.get(number) ?? []), trunk]);
  const seen = new Set<string>();
  return [...byNumber].flatMap(([number, group]) => {
    const secured = group.find(({ trunk }) => asksForCredentials(trunk, target));
    const open = group.find(({ trunk }) => !asksForCredentials(trunk, target));
    if (!secured || !open || seen.size === seen.add(`${secured.trunk.id} ${open.trunk.id}`).size) return [];
    const both = number === "" ? "Both trunks serve every number" : `Both trunks serve ${number}`;
    return [
      finding(
        "TWIN_WITHOUT_CREDENTIALS",
        [open.trunk.id, secured.trunk.id],
        `${both}; only ${secured.trunk.id} asks for credentials${ifItHasOne(secured.trunk)}.`,
      ),
    ];
  });
}
