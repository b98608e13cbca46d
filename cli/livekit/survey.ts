import type { MediaSettings, OutboundTrunk, Survey } from "../../providers/livekit/routing/index.ts";
import { comparableIn } from "./comparable.ts";
import { numberPlansOf } from "./number-plans.ts";
import type { SipProject } from "./project.ts";
import { type Routes, routesOf } from "./routes.ts";

type Seen = Pick<Survey, "target" | "agentNames" | "unanswered">;

/** A project in the words in which it is searched for mistakes. */
export function surveyOf(project: SipProject, seen: Seen, routes: Routes = routesOf(project)): Survey {
  const { inboundTrunks, outboundTrunks, dispatchRules, unknown = [], created } = project;
  const called = routes.trunks.flatMap(({ calledNumbers = [] }) => calledNumbers);
  const rules = dispatchRules.map((rule) => [rule.sipDispatchRuleId, settingsOf(rule)] as const);
  return {
    ...routes,
    ...seen,
    outbound: outboundTrunks.map((trunk) => ({
      ...outboundOf(trunk),
      ...(created?.has(trunk.sipTrunkId) && { isPasswordShown: true }),
    })),
    media: new Map([
      ...[...inboundTrunks, ...outboundTrunks].map((trunk) => [trunk.sipTrunkId, settingsOf(trunk)] as const),
      ...rules,
    ]),
    unknown,
    host: project.host,
    plans: numberPlansOf(called),
    comparable: comparableIn(called),
  };
}

/** How the API numbers SIPTransport and SIPMediaEncryption. */
const TRANSPORTS = ["auto", "udp", "tcp", "tls"] as const;
const REQUIRE_ENCRYPTION = 2;

function outboundOf(trunk: SipProject["outboundTrunks"][number]): OutboundTrunk {
  const { sipTrunkId: id, name, address, transport, numbers, authUsername, authPassword, fromHost } = trunk;
  const country = trunk.destinationCountry;
  return {
    id,
    name,
    address,
    transport: TRANSPORTS[transport] ?? "auto",
    numbers,
    authUsername,
    authPassword,
    country,
    fromHost,
  };
}

interface WithMedia {
  krispEnabled?: boolean;
  mediaEncryption: number;
  media?: {
    onlyListedCodecs: boolean;
    codecs: readonly { name: string }[];
    encryption?: number;
    mediaTimeout?: Duration;
  };
  ringingTimeout?: Duration;
  maxCallDuration?: Duration;
}

interface Duration {
  seconds: bigint;
  nanos: number;
}

function secondsOf(duration: Duration | undefined): number {
  return duration === undefined ? 0 : Number(duration.seconds) + duration.nanos / 1e9;
}

function settingsOf({
  krispEnabled = false,
  mediaEncryption,
  media,
  ringingTimeout,
  maxCallDuration,
}: WithMedia): MediaSettings {
  return {
    krisp: krispEnabled,
    requiresEncryption: (media?.encryption ?? mediaEncryption) === REQUIRE_ENCRYPTION,
    onlyListedCodecs: media?.onlyListedCodecs ?? false,
    codecs: (media?.codecs ?? []).map(({ name }) => name),
    ringingSeconds: secondsOf(ringingTimeout),
    maxCallSeconds: secondsOf(maxCallDuration),
    mediaTimeoutSeconds: secondsOf(media?.mediaTimeout),
  };
}
