import type { Known } from "./expect.ts";
import type { Measured } from "./measured.ts";

/** From here on a voice is stretched: measured in windows of 100 ms of one second, the right pace is 0.8 to 1.2. */
const SLOW = 1.35;

/** Pure: where what came of an offer is not what is known of it, in words; empty = as known. */
export function differencesOf(known: Known, measured: Measured): string[] {
  if (known.status !== measured.status) return [`status ${measured.status}, known: ${known.status}`];
  if (known.status >= 300) return [];
  return [
    ...unequal("codec", measured.codec, known.codec),
    ...unequal("LiveKit offers", measured.agentOffer, known.agentOffer),
    ...unequal("codec to the agent", measured.agentCodec, known.agentCodec),
    ...keys(known, measured),
    ...audio(known, measured),
    ...pace(known, measured),
  ];
}

function unequal(what: string, is: string | string[] | undefined, known: string | string[] | undefined): string[] {
  const [seen, wanted] = [inWords(is), inWords(known)];
  return known === undefined || seen === wanted ? [] : [`${what} ${seen}, known: ${wanted}`];
}

function inWords(value: string | string[] | undefined): string {
  return value === undefined ? "none" : [value].flat().join(", ");
}

function keys(known: Known, { keys: { agreed, toAgent, toCaller } }: Measured): string[] {
  if (known.keys) {
    const missing = [
      ...(agreed ? [] : ["agreed"]),
      ...(toAgent ? [] : ["to the agent"]),
      ...(toCaller ? [] : ["back"]),
    ];
    return missing.length === 0 ? [] : [`keys not ${missing.join(", not ")}, known: both ways`];
  }
  return agreed || toAgent || toCaller ? ["keys get through, known: off"] : [];
}

/** What nobody can say before is not judged. */
function audio({ pace }: Known, { toCaller, toAgent }: Measured): string[] {
  const isDeaf = pace === "right" && !toAgent;
  return [...(toCaller ? [] : ["the caller heard no agent"]), ...(isDeaf ? ["the agent heard no caller"] : [])];
}

function pace(known: Known, { pace: measured }: Measured): string[] {
  if (known.pace === "unsteady" || measured === undefined || measured < SLOW) return [];
  return [`a second lasts ${measured.toFixed(1)} s, known: 1.0 s`];
}
