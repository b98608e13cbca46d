import { z } from "zod";
import { markSchema } from "../dynamic/marks.ts";
import type { InputsOf } from "../dynamic/resource.ts";
import {
  addressMask,
  adopting,
  attributesToHeaders,
  headersToAttributes,
  includeHeaders,
  legacyIds,
  livekitHost,
  movedFrom,
  onDestroy,
  optionalTrunkId,
  phoneNumber,
  sipHeaders,
} from "./fields.ts";
import { mediaFields } from "./media.ts";

/** A day. LiveKit has no limit of its own; longer is a mistake in the unit. */
const LONGEST_SECONDS = 86_400;

/** Every input of an inbound trunk, in its one form; what is not given gets LiveKit's default. */
export const inboundTrunkFields = {
  host: livekitHost,
  movedFrom,
  owner: markSchema,
  name: z.string().min(1, "is empty"),
  calledNumbers: z.array(phoneNumber).default([]),
  callerNumbers: z.array(phoneNumber).default([]),
  allowedAddresses: z.array(addressMask).default([]),
  open: z.boolean().optional(),
  authUsername: z.string().default(""),
  authPassword: z.string().default(""),
  authRealm: z.string().default(""),
  headers: sipHeaders.default({}),
  headersToAttributes: headersToAttributes.default({}),
  attributesToHeaders: attributesToHeaders.default({}),
  includeHeaders: includeHeaders.default("none"),
  ...mediaFields,
  ringingTimeoutSeconds: z.number().int().min(0).max(LONGEST_SECONDS).default(0),
  maxCallSeconds: z.number().int().min(0).max(LONGEST_SECONDS).default(0),
  krispEnabled: z.boolean().default(false),
  metadata: z.record(z.string(), z.unknown()).default({}),
  legacyIds,
  adopt: optionalTrunkId,
  onDestroy,
  adopting,
} as const;

export type SipInboundTrunkInputs = InputsOf<typeof inboundTrunkFields>;
