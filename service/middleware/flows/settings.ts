import { type CallFlow, callFlowSchema } from "@trunkline/shared";
import { z } from "zod";
import type { FallbackKind } from "../jambonz/fallback.ts";
import { normaliseNumber, refusalOf } from "../policies/dial-targets.ts";
import { list } from "../security/settings.ts";

const DEFAULT_FALLBACK_TEXT =
  "We are sorry, our assistant cannot take your call at the moment. Please call again later.";

const flowsByNumber = z.string().transform((text, context): Record<string, CallFlow> => {
  const flows = z.record(z.string(), callFlowSchema).safeParse(parseJson(text));
  if (flows.success)
    return Object.fromEntries(Object.entries(flows.data).map(([key, flow]) => [comparable(key), flow]));
  context.addIssue({ code: "custom", message: 'must be JSON like {"+4930123456":"dial"}, flows `callback` or `dial`' });
  return z.NEVER;
});

/** `say`, `dial:<number>` or `decline:<status>`; 401 and 407 would ask the carrier for a password. */
const fallback = z.string().transform((text, context): FallbackKind => {
  const [, kind, value = ""] = /^(say|dial|decline)(?::(.+))?$/.exec(text) ?? [];
  const status = Number(value);
  if (kind === "say" && value === "") return { kind };
  if (kind === "dial" && value !== "") return { kind, number: normaliseNumber(value) };
  if (kind === "decline" && /^[4-6]\d\d$/.test(value) && status !== 401 && status !== 407) return { kind, status };
  context.addIssue({ code: "custom", message: "must be `say`, `dial:<number>` or `decline:<status 400–699>`" });
  return z.NEVER;
});

/** The variables that say how calls are carried; part of the configuration's schema. */
export const callVariables = {
  CALL_FLOW: callFlowSchema.default("callback"),
  /** JSON: a flow by called number, where it is not CALL_FLOW. */
  CALL_FLOWS: flowsByNumber.default({}),
  /** dial: the jambonz carrier that leads to LiveKit; default `LiveKit-<TRUNKLINE_STACK>`. */
  LIVEKIT_CARRIER: z.string().min(1).optional(),
  /** `/livekit-simple` dials `sip:<called number>@<this>`; unset = it gives the fallback. */
  LIVEKIT_SIP_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.-]+(:\d{1,5})?$/, "must be host or host:port")
    .optional(),
  FALLBACK: fallback.default({ kind: "say" }),
  FALLBACK_TEXT: z.string().min(1).max(1_000).default(DEFAULT_FALLBACK_TEXT),
  /** The only numbers that transfers and the fallback may dial. */
  ALLOWED_TARGETS: list.default([]),
  /** Beyond it a call gets the fallback at once. */
  MAX_CONCURRENT_CALLS: z.coerce.number().int().min(1).max(10_000).default(200),
};

type Variables = z.infer<z.ZodObject<typeof callVariables>>;

/** How calls are carried, and what is done when they cannot be. */
export type CallSettings = ReturnType<typeof callSettings>;

/** What the flows need to know. */
export interface FlowSettings {
  readonly callFlow: CallFlow;
  /** Spoken before anything else; empty = nothing. */
  readonly announcement: string;
  readonly callLimitSeconds: number;
  readonly calls: CallSettings;
}

export function callSettings(from: Variables, stack: string | undefined) {
  return {
    flowsByNumber: from.CALL_FLOWS,
    livekitCarrier: from.LIVEKIT_CARRIER ?? `LiveKit-${stack ?? ""}`,
    livekitSipHost: from.LIVEKIT_SIP_HOST,
    fallback: from.FALLBACK,
    fallbackText: from.FALLBACK_TEXT,
    allowedTargets: from.ALLOWED_TARGETS,
    maxConcurrentCalls: from.MAX_CONCURRENT_CALLS,
  };
}

/** What no single variable shows: numbers that are never dialled, a flow whose carrier has no name. */
export function callProblems(from: Variables, stack: string | undefined): string[] {
  const carrier = from.LIVEKIT_CARRIER ?? stack;
  const dials = from.CALL_FLOW === "dial" || Object.values(from.CALL_FLOWS).includes("dial");
  return [
    ...(dials && carrier === undefined
      ? ["LIVEKIT_CARRIER: is not set: the flow `dial` needs the jambonz carrier that leads to LiveKit"]
      : []),
    ...from.ALLOWED_TARGETS.flatMap((number, index) =>
      refused(`ALLOWED_TARGETS: entry ${index + 1}`, number, [number]),
    ),
    ...(from.FALLBACK.kind === "dial"
      ? refused("FALLBACK: its number", from.FALLBACK.number, from.ALLOWED_TARGETS)
      : []),
  ];
}

function refused(what: string, number: string, declared: readonly string[]): string[] {
  const why = refusalOf(number, declared);
  if (why === undefined) return [];
  return [why === "not-allowed" ? `${what} is not in ALLOWED_TARGETS` : `${what} is never dialled: ${why}`];
}

/** Numbers are compared without `+`: carriers send either. */
export function comparable(number: string): string {
  return normaliseNumber(number).replace(/^\+/, "");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
