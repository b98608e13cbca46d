import { z } from "zod";
import type { InputsOf } from "../dynamic/resource.ts";
import { column, commonFields, hookUrl, rowName, sipDomain } from "./fields.ts";

const hook = z.object({ url: hookUrl, method: z.enum(["POST", "GET"]).default("POST"), username: column(255) });

/** Defaults of the columns (jambonz-api-server db/jambones-sql.sql). */
const synthesis = z.object({
  vendor: z.string().min(1).max(64).default("google"),
  language: z.string().min(1).max(12).default("en-US"),
  voice: z.string().max(256).default("en-US-Standard-C"),
  label: column(64),
});
const recognition = z.object({
  vendor: z.string().min(1).max(64).default("google"),
  language: z.string().min(1).max(64).default("en-US"),
  label: column(64),
});

/** Every input of an application, in its one form. */
export const applicationFields = {
  ...commonFields,
  sipRealm: sipDomain.or(z.literal("localhost")).default(""),
  name: rowName,
  callHook: hook,
  callHookPassword: column(255),
  statusHook: hook,
  statusHookPassword: column(255),
  synthesis: synthesis.prefault({}),
  recognition: recognition.prefault({}),
  recordAllCalls: z.boolean().default(false),
  envVars: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
} as const;

export type JambonzApplicationInputs = InputsOf<typeof applicationFields>;
