import type { JambonzArgs } from "@trunkline/providers";
import type { Settings } from "./settings.ts";
import type { JambonzSettings } from "./settings-jambonz.ts";

export const DEFAULT_SIP_PORT = 5_060;

/** A stack that declares its Jambonz side. */
export type WithJambonz = Settings & { jambonz: JambonzSettings };

export function common({ jambonz }: WithJambonz, adopt: string): JambonzArgs {
  return { host: jambonz.url, accountSid: jambonz.accountSid, adopt };
}

export function addressOf(text: string): { address: string; port: number } {
  const [address = "", port] = text.split(":");
  return { address, port: port === undefined ? DEFAULT_SIP_PORT : Number(port) };
}
