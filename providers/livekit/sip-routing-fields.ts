import { z } from "zod";
import { markSchema } from "../dynamic/marks.ts";
import type { InputsOf } from "../dynamic/resource.ts";
import { livekitHost, movedFrom } from "./fields.ts";
import { dispatchRuleFields } from "./sip-dispatch-rule-fields.ts";
import { inboundTrunkFields } from "./sip-inbound-trunk-fields.ts";

const { calledNumbers, callerNumbers, allowedAddresses, authUsername } = inboundTrunkFields;
const { target, everyTrunk, numbersWrittenAs, pin, hidePhoneNumber } = dispatchRuleFields;

/** Of a declared trunk, what decides which calls it takes. Never its password. */
const trunk = z.strictObject({
  adopt: inboundTrunkFields.adopt,
  name: z.string().default(""),
  calledNumbers,
  callerNumbers,
  allowedAddresses,
  authUsername,
});

/** Of a declared rule, what decides which calls it takes. `trunks`: resource names of declared trunks, or ids. */
const rule = z.strictObject({
  adopt: dispatchRuleFields.adopt,
  name: z.string().default(""),
  target,
  trunks: z.array(z.string()).default([]),
  everyTrunk,
  calledNumbers,
  callerNumbers,
  numbersWrittenAs,
  hidePhoneNumber,
});

export const routingFields = {
  host: livekitHost,
  movedFrom,
  owner: markSchema,
  trunks: z.record(z.string(), trunk).default({}),
  rules: z.record(z.string(), rule).default({}),
  /** PINs by the resource name of their rule: apart, for they are secret. */
  pins: z.record(z.string(), pin).default({}),
  removes: z.array(z.string()).default([]),
  retires: z.array(z.string()).default([]),
  lookAt: z.enum(["live", "declared"]).default("live"),
} as const;

export type SipRoutingInputs = InputsOf<typeof routingFields>;
export type DeclaredTrunk = z.output<typeof trunk>;
export type DeclaredRule = z.output<typeof rule>;
