import { isReadableOnItsWay, READABLE_ON_ITS_WAY, toJambonzHost } from "@trunkline/contract";
import { z } from "zod";
import type { LiveCallSettings } from "./live-call-control.ts";

/** The variables of live call control; part of the configuration's schema. */
export const liveCallVariables = {
  /** Address of jambonz' REST API, for live call control: `https://jambonz.cloud/api`, with or without `/v1`. */
  JAMBONZ_API_URL: z
    .url({ protocol: /^https?$/, error: "must be an https:// URL", abort: true })
    .refine((url) => !isReadableOnItsWay(url), READABLE_ON_ITS_WAY)
    .optional(),
  /** A key of the jambonz account. It can do more than move calls: docs/SECURITY_MODEL.md. */
  JAMBONZ_API_KEY: z.string().min(1).optional(),
  /** Whether callers are moved on by live call control when their agent is out of reach; without a key nobody is. */
  RESCUE: z.stringbool().default(true),
};

type Variables = z.infer<z.ZodObject<typeof liveCallVariables>>;

/** Undefined: callers are not moved. */
export function liveCallSettings(from: Variables): LiveCallSettings | undefined {
  const { JAMBONZ_API_URL: given = "", JAMBONZ_API_KEY: key } = from;
  const url = toJambonzHost(given);
  return from.RESCUE && url !== undefined && key !== undefined ? { url, key } : undefined;
}

/** One of the two alone does nothing. */
export function liveCallProblems({ JAMBONZ_API_URL: url, JAMBONZ_API_KEY: key }: NodeJS.ProcessEnv): string[] {
  if (!url === !key) return [];
  return [
    url ? "JAMBONZ_API_KEY: is not set, but JAMBONZ_API_URL is" : "JAMBONZ_API_URL: is not set, but JAMBONZ_API_KEY is",
  ];
}
