import { z } from "zod";
import { markSchema } from "../dynamic/marks.ts";
import type { InputsOf } from "../dynamic/resource.ts";
import {
  adopting,
  attributesToHeaders,
  country,
  headersToAttributes,
  includeHeaders,
  livekitHost,
  movedFrom,
  onDestroy,
  optionalTrunkId,
  phoneNumber,
  sipAddress,
  sipHeaders,
} from "./fields.ts";
import { mediaFields } from "./media.ts";

export const transport = z.enum(["auto", "udp", "tcp", "tls"]);

/** Every input of an outbound trunk, in its one form; what is not given gets LiveKit's default. */
export const outboundTrunkFields = {
  host: livekitHost,
  movedFrom,
  owner: markSchema,
  name: z.string().min(1, "is empty"),
  address: sipAddress,
  transport: transport.default("auto"),
  presentedNumbers: z.array(phoneNumber).min(1, "needs at least one number: LiveKit refuses a trunk without"),
  authUsername: z.string().default(""),
  authPassword: z.string().default(""),
  headers: sipHeaders.default({}),
  headersToAttributes: headersToAttributes.default({}),
  attributesToHeaders: attributesToHeaders.default({}),
  includeHeaders: includeHeaders.default("none"),
  ...mediaFields,
  fromHost: z.union([z.literal(""), sipAddress]).default(""),
  destinationCountry: country.default(""),
  metadata: z.record(z.string(), z.unknown()).default({}),
  adopt: optionalTrunkId,
  onDestroy,
  adopting,
} as const;

export type SipOutboundTrunkInputs = InputsOf<typeof outboundTrunkFields>;
