import { own } from "@trunkline/contract";
import type { Difference } from "./difference.ts";
import { nameOf, typeOf } from "./plan.ts";

const SYSTEMS: Record<string, Difference["system"]> = { livekit: "LiveKit", jambonz: "Jambonz", heroku: "Heroku" };

/** `pulumi-nodejs:dynamic/livekit:SipOutboundTrunk`, `heroku:index/app:App` */
export function systemOf(type: string): Difference["system"] {
  const [, system = ""] = /(livekit|jambonz|heroku)/.exec(type) ?? [];
  return own(SYSTEMS, system) ?? "other";
}

/** `outbound trunk "sbc"` */
export function objectOf(urn: string): string {
  const type = typeOf(urn).split(":").at(-1) ?? "";
  const words = type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  return `${words.replace(/^sip (?!routing|gateway)/, "")} "${nameOf(urn)}"`;
}
