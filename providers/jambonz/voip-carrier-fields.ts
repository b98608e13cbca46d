import { z } from "zod";
import type { InputsOf } from "../dynamic/resource.ts";
import { column, commonFields, optionalSid, rowName, sipDomain } from "./fields.ts";

/** Every input of a carrier, in its one form. */
export const voipCarrierFields = {
  ...commonFields,
  /** Needed for a new carrier; an adopted one keeps its own where none is said. */
  name: rowName.optional(),
  description: column(255),
  trunkType: z.enum(["static_ip", "auth", "reg"]).optional(),
  applicationSid: optionalSid.optional(),
  inboundUsername: column(64),
  inboundPassword: column(64),
  requiresRegister: z.boolean().optional(),
  outboundUsername: column(64),
  outboundPassword: column(64),
  registerRealm: sipDomain.optional(),
  registerFromUser: column(128),
  registerFromDomain: sipDomain.optional(),
  registerPublicIpInContact: z.boolean().optional(),
  leadingPlus: z.boolean().optional(),
  techPrefix: column(16),
  diversion: column(32),
  outboundProxy: column(255),
  dtmfType: z.enum(["rfc2833", "tones", "info"]).optional(),
  isActive: z.boolean().optional(),
  smppSystemId: column(255),
  smppPassword: column(64),
  smppEnquireLinkInterval: z.number().int().min(0).max(86_400).optional(),
  smppInboundSystemId: column(255),
  smppInboundPassword: column(64),
} as const;

export type JambonzVoipCarrierInputs = InputsOf<typeof voipCarrierFields>;
