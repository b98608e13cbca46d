import type * as pulumi from "@pulumi/pulumi";
import { LegacySipCleanup, SipOutboundTrunk } from "@trunkline/providers";
import { digestUser } from "./jambonz-names.ts";
import {
  bound,
  type DialEntry,
  declareDialEntry,
  declareRouting,
  headerAttribute,
  mediaArgs,
  saidOnly,
} from "./livekit-inbound.ts";
import type { Settings } from "./settings.ts";

export interface LiveKit {
  /** The identity of the stack: its own objects, rooms and records carry it. */
  stackId: pulumi.Output<string>;
  outboundTrunk: SipOutboundTrunk;
  /** There when Jambonz dials LiveKit for any called number. */
  dialEntry: DialEntry | undefined;
}

/**
 * What is declared in LiveKit: the guard of the routing, the trunk to the SBC, the way in for Jambonz.
 * @param after what has to know the trunks' credentials before LiveKit uses them
 */
export function declareLiveKit(settings: Settings, after: pulumi.Resource[] = []): LiveKit {
  const routing = declareRouting(settings);
  const { stackId } = routing;
  const before = [routing, ...after];
  return {
    stackId,
    outboundTrunk: declareOutboundTrunk(settings, stackId, before),
    dialEntry: declareDialEntry(settings, stackId, before),
  };
}

/** The removal of what earlier set-ups left behind: last, when the new way works. */
export function declareCleanup(
  settings: Settings,
  { stackId, outboundTrunk, dialEntry }: LiveKit,
  after: pulumi.Resource[],
) {
  const ours = dialEntry === undefined ? [outboundTrunk] : [outboundTrunk, dialEntry.trunk, dialEntry.rule];
  return new LegacySipCleanup(
    "legacy",
    { ...bound(settings), stackId, ...settings.legacy },
    { dependsOn: [...ours, ...after] },
  );
}

function declareOutboundTrunk(
  settings: Settings,
  stackId: pulumi.Output<string>,
  after: pulumi.Resource[],
): SipOutboundTrunk {
  const args = {
    ...bound(settings),
    stackId,
    name: `trunkline-${settings.stack}`,
    address: settings.sbcAddress,
    presentedNumbers: settings.presentedNumbers,
    authUsername: digestUser(settings),
    authPassword: settings.sipPassword,
    headers: { "X-Trunkline-Stack": settings.stack, ...settings.trunkHeaders },
    ...saidOnly(settings, settings.adoptOutboundTrunk, {
      ...mediaArgs(settings),
      transport: settings.sipTransport,
      headersToAttributes: Object.fromEntries(
        settings.carrierHeaders.map((header) => [header, headerAttribute(header)]),
      ),
      attributesToHeaders: Object.fromEntries(
        settings.carrierHeaders.map((header) => [headerAttribute(header), header]),
      ),
    }),
    adopt: settings.adoptOutboundTrunk,
  };
  return new SipOutboundTrunk("sbc", args, { dependsOn: after });
}
