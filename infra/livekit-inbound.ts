import type * as pulumi from "@pulumi/pulumi";
import { own } from "@trunkline/contract";
import { SipDispatchRule, SipInboundTrunk, SipRouting } from "@trunkline/providers";
import { digestUser } from "./jambonz-names.ts";
import type { Settings } from "./settings.ts";
import { usesDial } from "./settings-livekit.ts";

/** How Jambonz reaches LiveKit in the flow `dial`. */
export interface DialEntry {
  trunk: SipInboundTrunk;
  rule: SipDispatchRule;
}

/** Resource names: they are in marks and in the state. */
const NAME = "dial";
/** Longer than Jambonz lets it ring (12 s), shorter than LiveKit's own 180 s. */
const RINGING_SECONDS = 30;

/** Headers of Jambonz' leg to LiveKit, by the attributes of the caller's participant: the same as in the flow `callback`. */
const CALL_HEADERS = {
  "X-Call-Id": "call.id",
  "X-Call-Flow": "call.flow",
  "X-Call-Carrier": "call.carrier",
  "X-Caller-Number": "sip.phoneNumber",
  "X-Called-Number": "sip.trunkPhoneNumber",
} as const;

/** What is compared with what is live, before anything is changed. */
export function declareRouting(settings: Settings): SipRouting {
  const { legacy, retires, routingCheck } = settings;
  const isDialled = usesDial(settings);
  return new SipRouting("routing", {
    ...bound(settings),
    trunks: isDialled ? { [NAME]: trunkRouting(settings) } : {},
    rules: isDialled ? { [NAME]: { ...ruleRouting(settings), trunks: [NAME] } } : {},
    removes: [...legacy.inboundTrunkIds, ...legacy.dispatchRuleIds],
    retires,
    lookAt: routingCheck,
  });
}

/** One trunk that asks for the credentials which Jambonz' carrier has, and one rule that takes the called user for the room. */
export function declareDialEntry(
  settings: Settings,
  stackId: pulumi.Output<string>,
  after: pulumi.Resource[],
): DialEntry | undefined {
  if (!usesDial(settings)) return undefined;
  const { legacy, carrierHeaders, sipPassword, callLimitSeconds } = settings;
  const options = { dependsOn: after };
  const trunk = new SipInboundTrunk(
    NAME,
    {
      ...bound(settings),
      stackId,
      ...trunkRouting(settings),
      authPassword: sipPassword,
      headersToAttributes: inboundAttributes(carrierHeaders),
      ...saidOnly(settings, settings.adopt.inboundTrunk, {
        ...mediaArgs(settings),
        attributesToHeaders: Object.fromEntries(carrierHeaders.map((header) => [headerAttribute(header), header])),
        ringingTimeoutSeconds: RINGING_SECONDS,
        maxCallSeconds: callLimitSeconds,
      }),
      legacyIds: legacy.inboundTrunkIds,
    },
    options,
  );
  // It names no agent: the middleware makes the room, and dispatches the agent into it, before Jambonz dials.
  const rule = new SipDispatchRule(
    NAME,
    {
      ...bound(settings),
      stackId,
      ...ruleRouting(settings),
      trunkIds: [trunk.sipTrunkId],
      legacyIds: legacy.dispatchRuleIds,
    },
    options,
  );
  return { trunk, rule };
}

/** The host, and from where it was moved on purpose. */
export function bound({ livekitUrl, livekitMovedFrom }: Settings): { host: string; movedFrom: string } {
  return { host: livekitUrl, movedFrom: livekitMovedFrom ?? "" };
}

/** The media settings, the same for both trunks. */
export function mediaArgs({ mediaEncryption, media: { codecs, onlyListedCodecs, timeoutSeconds } }: Settings) {
  return { mediaEncryption, codecs, onlyListedCodecs, mediaTimeoutSeconds: timeoutSeconds };
}

/** The setting behind each argument of a trunk that has a default, and that nothing else in the stack is made to fit. */
const SETTINGS: Readonly<Record<string, string>> = {
  attributesToHeaders: "carrierHeaders",
  codecs: "media.codecs",
  headersToAttributes: "carrierHeaders",
  maxCallSeconds: "callLimitSeconds",
  mediaEncryption: "mediaEncryption",
  mediaTimeoutSeconds: "media.timeoutSeconds",
  onlyListedCodecs: "media.onlyListedCodecs",
  transport: "sipTransport",
};
/** Their defaults are ours, and not those of every trunk: a new one needs them. */
const OURS = ["mediaTimeoutSeconds", "ringingTimeoutSeconds", "maxCallSeconds"];

/** Only what the stack file says: of an adopted trunk the rest stays as it is found, a new one gets the defaults. */
export function saidOnly<A extends object>({ said }: Settings, adopt: string | undefined, args: A): Partial<A> {
  const isPassed = (name: string) => said.has(own(SETTINGS, name) ?? "") || (!adopt && OURS.includes(name));
  return Object.fromEntries(Object.entries(args).filter(([name]) => isPassed(name))) as Partial<A>;
}

/** The attribute that the middleware gives a carrier's header on the caller's participant. */
export function headerAttribute(header: string): string {
  return `call.header.${header.toLowerCase()}`;
}

/** The headers of Jambonz' leg as attributes of the caller's participant. */
export function inboundAttributes(carrierHeaders: readonly string[]): Record<string, string> {
  return { ...Object.fromEntries(carrierHeaders.map((header) => [header, headerAttribute(header)])), ...CALL_HEADERS };
}

function trunkRouting(settings: Settings) {
  const { stack, adopt } = settings;
  return { name: `trunkline-${stack}`, authUsername: digestUser(settings), adopt: adopt.inboundTrunk ?? "" };
}

function ruleRouting({ stack, adopt }: Settings) {
  const target = { type: "callee", roomPrefix: "", randomize: false } as const;
  return { name: `trunkline-${stack}`, target, adopt: adopt.dispatchRule ?? "" };
}
