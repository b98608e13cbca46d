import { z } from "zod";
import type { InputsOf } from "../dynamic/resource.ts";
import { column, commonFields, hookUrl, rowName, sipDomain } from "./fields.ts";

const hook = z.object({ url: hookUrl, method: z.enum(["POST", "GET"]).optional(), username: column(255) });
const speech = (longestLanguage: number) => ({
  vendor: z.string().min(1).max(64).optional(),
  language: z.string().min(1).max(longestLanguage).optional(),
  label: column(64),
});
const synthesis = z.object({ ...speech(12), voice: column(256) });
const recognition = z.object(speech(64));
/** TEXT of MySQL. */
const LONGEST_JSON = 65_535;

/** Every input of an application, in its one form. */
export const applicationFields = {
  ...commonFields,
  sipRealm: sipDomain.or(z.literal("localhost")).default(""),
  /** Needed for a new application; an adopted one keeps its own where none is said. The hooks, too. */
  name: rowName.optional(),
  callHook: hook.optional(),
  callHookPassword: column(255),
  statusHook: hook.optional(),
  statusHookPassword: column(255),
  messagingHook: hook.optional(),
  messagingHookPassword: column(255),
  appJson: column(LONGEST_JSON),
  synthesis: synthesis.optional(),
  recognition: recognition.optional(),
  useFallbackSpeech: z.boolean().optional(),
  fallbackSynthesis: synthesis.optional(),
  fallbackRecognition: recognition.optional(),
  recordAllCalls: z.boolean().optional(),
  envVars: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
} as const;

export type JambonzApplicationInputs = InputsOf<typeof applicationFields>;
