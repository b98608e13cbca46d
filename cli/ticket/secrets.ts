import { LOCAL_PASSPHRASE } from "../../sandbox/pulumi/cli.ts";
import type { SipProject } from "../livekit/project.ts";

const SECRET_VARIABLE = /(^|_)(API_?KEY|KEY|SECRETS?|TOKEN|PASSWORD|PASSPHRASE|CREDENTIALS?)(_|$)/;
/** How Pulumi writes a secret value with --show-secrets: an object with this signature. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Of objects that are secret as a whole: what of them is no secret by itself, and may be elsewhere in a ticket. */
const PLAIN = new Set(
  (
    "LIVEKIT_URL MIDDLEWARE_URL LIVEKIT_OUTBOUND_TRUNK_ID LIVEKIT_CARRIER LIVEKIT_SIP_HOST LIVEKIT_SIP_TRANSPORT LIVEKIT_SIP_USERNAME CALLED_NUMBERS UNKNOWN_NUMBERS CALL_FLOW CALL_FLOWS ANNOUNCEMENT CARRIER_HEADERS SPEECH UNANSWERED_APOLOGY " +
    "CALL_LIMIT_SECONDS MEDIA_TIMEOUT_SECONDS TRUNKLINE_STACK AGENT_CONVERSATION id kind name sipTrunkId sipDispatchRuleId trunkIds numbers allowedNumbers " +
    "inboundNumbers allowedAddresses authUsername address transport destinationCountry mediaEncryption includeHeaders headersToAttributes " +
    "attributesToHeaders roomPrefix roomName agentName createdAt updatedAt ringingTimeout maxCallDuration"
  ).split(" "),
);

/** Values of variables whose names say that they are secret. */
export function secretsOfEnvironment(environment: NodeJS.ProcessEnv): string[] {
  return Object.entries(environment)
    .filter(([name, value]) => value && SECRET_VARIABLE.test(name) && value !== LOCAL_PASSPHRASE)
    .map(([, value]) => value ?? "");
}

/** Every secret value of a state exported with --show-secrets. */
export function secretsOfState(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { [SIGNATURE]: signature, plaintext } = value as Record<string, unknown>;
  if (signature === SECRET_SIGNATURE && typeof plaintext === "string") return leaves(parsed(plaintext));
  return Object.values(value).flatMap(secretsOfState);
}

/** Passwords and PINs of the live trunks and rules, also of hand-made ones. */
export function secretsOfProject({ inboundTrunks, outboundTrunks, dispatchRules }: SipProject): string[] {
  const passwords = [...inboundTrunks, ...outboundTrunks].map(({ authPassword }) => authPassword);
  const pins = dispatchRules.flatMap(({ rule }) => (rule?.rule.value ? [rule.rule.value.pin] : []));
  return [...passwords, ...pins].filter((secret) => secret !== "");
}

/** Phone numbers of the live trunks and rules. */
export function numbersOfProject({ inboundTrunks, outboundTrunks, dispatchRules }: SipProject): string[] {
  return [
    ...inboundTrunks.flatMap(({ numbers, allowedNumbers }) => [...numbers, ...allowedNumbers]),
    ...outboundTrunks.flatMap(({ numbers }) => numbers),
    ...dispatchRules.flatMap(({ numbers, inboundNumbers }) => [...numbers, ...inboundNumbers]),
  ];
}

function leaves(value: unknown, name = ""): string[] {
  if (PLAIN.has(name)) return [];
  // Several accepted webhook secrets are one value.
  if (typeof value === "string") return [...new Set([value, ...value.split(",")])].filter((text) => text !== "");
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, name));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, key));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
