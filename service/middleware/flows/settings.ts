import { comparableNumber, isCountry, refusalOf, toE164 } from "@trunkline/contract";
import { looseJson } from "@trunkline/contract/outgoing";
import { type CallFlow, callFlowSchema } from "@trunkline/shared";
import { z } from "zod";
import type { FallbackKind } from "../jambonz/fallback.ts";
import type { SipRoute } from "../jambonz/verbs.ts";
import { list } from "../security/settings.ts";
import { SENTENCES } from "../speech/sentences.ts";
import { saidBy, speechProblems, speechVariables } from "../speech/settings.ts";
import { Speech } from "../speech/speech.ts";
import { calledNumbersSchema, declaredNumbers, unknownNumbersSchema } from "./called-numbers.ts";

const flowsByNumber = z.string().transform((text, context): Record<string, CallFlow> => {
  const flows = z.record(z.string(), callFlowSchema).safeParse(looseJson(text));
  if (flows.success) return flows.data;
  context.addIssue({ code: "custom", message: 'must be JSON like {"+4930123456":"dial"}, flows `callback` or `dial`' });
  return z.NEVER;
});

const numbersByCarrier = z.string().transform((text, context): Record<string, string> => {
  const numbers = z.record(z.string(), z.string()).safeParse(looseJson(text));
  if (numbers.success) return numbers.data;
  context.addIssue({ code: "custom", message: 'must be JSON like {"*":"+4930123456"}, numbers by carrier' });
  return z.NEVER;
});

/** `say`, `dial:<number>` or `decline:<status>`; 401 and 407 would ask the carrier for a password. */
const fallback = z.string().transform((text, context): FallbackKind => {
  const [, kind, value = ""] = /^(say|dial|decline)(?::(.+))?$/.exec(text) ?? [];
  const status = Number(value);
  if (kind === "say" && value === "") return { kind };
  if (kind === "dial" && value !== "") return { kind, number: value };
  if (kind === "decline" && /^[4-6]\d\d$/.test(value) && status !== 401 && status !== 407) return { kind, status };
  context.addIssue({ code: "custom", message: "must be `say`, `dial:<number>` or `decline:<status 400–699>`" });
  return z.NEVER;
});

/** The variables that say how calls are carried; part of the configuration's schema. */
export const callVariables = {
  CALL_FLOW: callFlowSchema.default("callback"),
  /** ISO 3166-1 alpha-2: how numbers without a country code are read. Unset = such numbers are compared as they are. */
  TRUNKLINE_COUNTRY: z.string().refine(isCountry, "must be a country code such as DE").optional(),
  /** JSON: a flow by called number, where it is not CALL_FLOW. */
  CALL_FLOWS: flowsByNumber.default({}),
  /** JSON: the declared called numbers, as jambonz takes them. Unset = every number is one. */
  CALLED_NUMBERS: calledNumbersSchema.optional(),
  /** What a call to any other number gets: `fallback` or `agent`. */
  UNKNOWN_NUMBERS: unknownNumbersSchema.default("fallback"),
  /** dial without the next four: the jambonz carrier that leads to LiveKit; default `LiveKit-<TRUNKLINE_STACK>`. */
  LIVEKIT_CARRIER: z.string().min(1).optional(),
  /** The LiveKit project's SIP host. `/livekit-simple` dials `sip:<called number>@<this>`; unset = it gives the fallback. */
  LIVEKIT_SIP_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.-]+(:\d{1,5})?$/, "must be host or host:port")
    .optional(),
  /** dial: what LiveKit's inbound trunk asks for. With both, jambonz calls LiveKit's address itself, and no carrier. */
  LIVEKIT_SIP_USERNAME: z.string().min(1).optional(),
  LIVEKIT_SIP_PASSWORD: z.string().min(1).optional(),
  LIVEKIT_SIP_TRANSPORT: z.enum(["udp", "tcp", "tls"]).default("tcp"),
  FALLBACK: fallback.default({ kind: "say" }),
  /** Spoken to every caller first; empty = none. */
  ANNOUNCEMENT: z.string().max(1_000).default(SENTENCES.announcement.en),
  FALLBACK_TEXT: z.string().min(1).max(1_000).default(SENTENCES.apology.en),
  ...speechVariables,
  /** The only numbers that transfers and the fallback may dial. */
  ALLOWED_TARGETS: list.default([]),
  /** JSON: the number to present on transfers and fallback calls, by the carrier they go over; `*` = any other. */
  CALLER_IDS: numbersByCarrier.default({}),
  /** Beyond it a call gets the fallback at once. */
  MAX_CONCURRENT_CALLS: z.coerce.number().int().min(1).max(10_000).default(200),
};

type Variables = z.infer<z.ZodObject<typeof callVariables>>;

/** How calls are carried, and what is done when they cannot be. */
export type CallSettings = ReturnType<typeof callSettings>;

/** What the flows need to know. */
export interface FlowSettings {
  readonly callFlow: CallFlow;
  readonly callLimitSeconds: number;
  /** How long LiveKit waits for the caller's next packet. */
  readonly mediaTimeoutMs: number;
  readonly calls: CallSettings;
}

/** What is dialled is the number, not its spelling. */
function inOneForm(fallback: FallbackKind, country: string | undefined): FallbackKind {
  return fallback.kind === "dial"
    ? { ...fallback, number: toE164(fallback.number, country) ?? fallback.number }
    : fallback;
}

/** LiveKit's own address, and what it asks for; undefined = jambonz takes its carrier. */
function sipRoute(from: Variables): SipRoute | undefined {
  const { LIVEKIT_SIP_HOST: host, LIVEKIT_SIP_USERNAME: username, LIVEKIT_SIP_PASSWORD: password } = from;
  if (host === undefined || username === undefined || password === undefined) return undefined;
  return { host, transport: from.LIVEKIT_SIP_TRANSPORT, username, password };
}

interface Deployed {
  readonly stack: string | undefined;
  readonly callLimitSeconds: number;
  /** What addresses of files are signed with. */
  readonly keys: readonly string[];
}

export function callSettings(from: Variables, { stack, callLimitSeconds, keys }: Deployed) {
  const texts = { announcement: from.ANNOUNCEMENT, apology: from.FALLBACK_TEXT };
  return {
    country: from.TRUNKLINE_COUNTRY,
    flowsByNumber: new Map(
      Object.entries(from.CALL_FLOWS).map(([number, flow]) => [comparableNumber(number, from.TRUNKLINE_COUNTRY), flow]),
    ),
    isServed: declaredNumbers(
      from.UNKNOWN_NUMBERS === "agent" ? undefined : from.CALLED_NUMBERS,
      from.TRUNKLINE_COUNTRY,
    ),
    livekitCarrier: from.LIVEKIT_CARRIER ?? `LiveKit-${stack ?? ""}`,
    livekitSipHost: from.LIVEKIT_SIP_HOST,
    livekitSip: sipRoute(from),
    fallback: inOneForm(from.FALLBACK, from.TRUNKLINE_COUNTRY),
    speech: new Speech({ said: saidBy(from.SPEECH, texts), country: from.TRUNKLINE_COUNTRY, keys, callLimitSeconds }),
    unansweredApology: from.UNANSWERED_APOLOGY,
    allowedTargets: from.ALLOWED_TARGETS,
    callerIds: new Map(Object.entries(from.CALLER_IDS)),
    maxConcurrentCalls: from.MAX_CONCURRENT_CALLS,
  };
}

/** What no single variable shows: numbers that are never dialled, a flow whose carrier has no name. */
export function callProblems(from: Variables, stack: string | undefined): string[] {
  const carrier = from.LIVEKIT_CARRIER ?? stack;
  const hasRoute = carrier !== undefined || sipRoute(from) !== undefined;
  const dials = from.CALL_FLOW === "dial" || Object.values(from.CALL_FLOWS).includes("dial");
  return [
    ...speechProblems(from.SPEECH),
    ...(dials && !hasRoute
      ? ["LIVEKIT_CARRIER: is not set: the flow `dial` needs it, or LIVEKIT_SIP_HOST, _USERNAME and _PASSWORD"]
      : []),
    ...from.ALLOWED_TARGETS.flatMap((number, index) =>
      refused(`ALLOWED_TARGETS: entry ${index + 1}`, number, [number], from.TRUNKLINE_COUNTRY),
    ),
    ...(from.FALLBACK.kind === "dial"
      ? refused("FALLBACK: its number", from.FALLBACK.number, from.ALLOWED_TARGETS, from.TRUNKLINE_COUNTRY)
      : []),
  ];
}

function refused(what: string, number: string, declared: readonly string[], country: string | undefined): string[] {
  const why = refusalOf(number, declared, country);
  if (why === undefined) return [];
  return [why === "not-allowed" ? `${what} is not in ALLOWED_TARGETS` : `${what} is never dialled: ${why}`];
}
