import { z } from "zod";
import type { InputsOf } from "../dynamic/resource.ts";
import { column, commonFields, optionalSid, rowName, sipDomain } from "./fields.ts";

/** Every input of a carrier, in its one form. */
export const voipCarrierFields = {
  ...commonFields,
  name: rowName,
  description: column(255),
  trunkType: z.enum(["static_ip", "auth", "reg"]).default("static_ip"),
  applicationSid: optionalSid.default(""),
  inboundUsername: column(64),
  inboundPassword: column(64),
  requiresRegister: z.boolean().default(false),
  outboundUsername: column(64),
  outboundPassword: column(64),
  registerRealm: sipDomain.default(""),
  registerFromUser: column(128),
  registerFromDomain: sipDomain.default(""),
  registerPublicIpInContact: z.boolean().default(false),
  leadingPlus: z.boolean().default(false),
  techPrefix: column(16),
  diversion: column(32),
  outboundProxy: column(255),
  dtmfType: z.enum(["rfc2833", "tones", "info"]).default("rfc2833"),
  isActive: z.boolean().default(true),
} as const;

export type JambonzVoipCarrierInputs = InputsOf<typeof voipCarrierFields>;
