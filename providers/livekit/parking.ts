import type { SIPDispatchRuleInfo, SIPInboundTrunkInfo } from "livekit-server-sdk";
import { z } from "zod";

/**
 * A parked trunk or rule is live but takes no calls: it has one called number that nobody dials. So an object can be put
 * aside without losing it, its id, or the calls that run over it. What it was is in its own metadata, so that it can be
 * put back by whoever finds it, also after a crash.
 */
type Parkable = SIPInboundTrunkInfo | SIPDispatchRuleInfo;

const KEY = "trunklineParked";
const parked = z.looseObject({ [KEY]: z.object({ numbers: z.array(z.string()), metadata: z.string() }) });

/** The object as it is stored while it is parked. Parked already: unchanged. */
export function park<Live extends Parkable>(live: Live, id: string): Live {
  if (isParked(live)) return live;
  const { numbers, metadata } = live;
  const note = { ...ownMetadata(metadata), [KEY]: { numbers, metadata } };
  return Object.assign(live.clone() as Live, {
    numbers: [`trunkline-parked-${id}`],
    metadata: JSON.stringify(note),
  });
}

/** The object as it was before it was parked; one that is not parked as it is. */
export function unpark<Live extends Parkable>(live: Live): Live {
  const note = noteIn(live.metadata);
  return note === undefined ? live : Object.assign(live.clone() as Live, note[KEY]);
}

export function isParked(live: Parkable): boolean {
  return noteIn(live.metadata) !== undefined;
}

function noteIn(metadata: string): z.output<typeof parked> | undefined {
  return parked.safeParse(parse(metadata)).data;
}

/** A trunk's mark has to stay readable beside the note. */
function ownMetadata(metadata: string): object {
  const value = parse(metadata);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
