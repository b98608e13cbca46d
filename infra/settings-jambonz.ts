import { own } from "@trunkline/contract";
import { calledNumber, jambonzHost, optionalSid, sipAddress } from "@trunkline/providers";
import { z } from "zod";
import { carrierProblems, furtherCarrier, phoneCarrier, withCarrierDefaults } from "./settings-phone-carrier.ts";

const origin = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url &&
    /^https?:$/.test(url.protocol) &&
    /^\/?$/.test(url.pathname + url.search + url.hash) &&
    url.username === ""
  )
    return url.origin;
  context.addIssue("is no address such as https://middleware.example.com, without a path");
  return z.NEVER;
});

const speech = z.strictObject({
  vendor: z.string().min(1).max(64).optional(),
  language: z.string().min(1).max(64).optional(),
  voice: z.string().max(256).optional(),
  label: z.string().max(64).optional(),
});
const recognition = speech.omit({ voice: true });

/** Columns of an application that the stack file may say; the hooks are the program's. */
const application = z.strictObject({
  synthesis: speech.optional(),
  recognition: recognition.optional(),
  useFallbackSpeech: z.boolean().optional(),
  fallbackSynthesis: speech.optional(),
  fallbackRecognition: recognition.optional(),
  recordAllCalls: z.boolean().optional(),
  appJson: z.string().max(65_535).optional(),
});

/** Rows that exist and are taken over, by sid. They are given back on destroy as they were found. */
const adopt = z.strictObject({
  callsApplication: optionalSid.default(""),
  agentLegApplication: optionalSid.default(""),
  livekitCarrier: optionalSid.default(""),
  livekitGateway: optionalSid.default(""),
  phoneCarrier: optionalSid.default(""),
  /** Of the phone carrier, by `host:port` (outbound) or network (inbound). */
  phoneGateways: z.record(z.string(), optionalSid).default({}),
  /** By called number, as in calledNumbers. */
  phoneNumbers: z.record(z.string(), optionalSid).default({}),
});

/** `trunkline:jambonz`: the Jambonz account of this stack. Without it nothing is declared there. */
export const jambonzSchema = z
  .strictObject({
    /** The server of the REST API. Its key comes from JAMBONZ_API_KEY. */
    url: jambonzHost,
    /** Needed when the key sees several accounts. */
    accountSid: optionalSid.default(""),
    /** Where the middleware is. Default: the Heroku app's address. */
    middlewareUrl: origin.optional(),
    /** What answers calls: `/livekit-api`, or `/livekit-simple` until the switch. */
    webhookPath: z.enum(["/livekit-api", "/livekit-simple"]).default("/livekit-api"),
    /** The LiveKit project's SIP host, `host` or `host:port`. */
    livekitSipHost: sipAddress,
    /** Counts up when the credentials of LiveKit's legs change: both pairs work until the trunk has the new one. */
    credentialGeneration: z.number().int().min(1).max(999).default(1),
    /**
     * From 1 on the program makes the account's webhook secret, and another one when this counts up. 0 = it is the account's own.
     * For an account that this stack has for itself.
     */
    webhookSecretGeneration: z.number().int().min(0).max(999).default(0),
    phoneCarrier: phoneCarrier.prefault({}),
    /** Further ones, each by a short name of ours. */
    phoneCarriers: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, "is no short name such as second"), furtherCarrier)
      .default({}),
    /** What is said of both applications beside their hooks. */
    applications: z.strictObject({ calls: application.prefault({}), agentLeg: application.prefault({}) }).prefault({}),
    /** Default: presentedNumbers. */
    calledNumbers: z.array(calledNumber).optional(),
    /**
     * What a call to any other number of a carrier gets, which Jambonz hands over all the same. Default: the fallback; the agent
     * where the user name of an adopted carrier is not said, since its calls may come to that name.
     */
    unknownNumbers: z.enum(["fallback", "agent"]).optional(),
    adopt: adopt.prefault({}),
  })
  .transform(({ phoneCarrier: first, phoneCarriers, ...jambonz }) => ({
    ...jambonz,
    phoneCarrier: withCarrierDefaults(first, jambonz.adopt.phoneCarrier),
    phoneCarriers: Object.fromEntries(
      Object.entries(phoneCarriers).map(([key, one]) => [key, withCarrierDefaults(one, one.adopt)]),
    ),
  }));

export type JambonzSettings = z.output<typeof jambonzSchema>;

interface Read {
  jambonz?: JambonzSettings | undefined;
  phoneCarrierPassword?: string | undefined;
  phoneCarrierPasswords?: Readonly<Record<string, { outbound?: string | undefined }>> | undefined;
  heroku?: unknown;
}

/** What the schema cannot say. Each problem names its setting. */
export function jambonzProblems(settings: Read, key: string | undefined): string[] {
  const { jambonz, phoneCarrierPassword, phoneCarrierPasswords = {}, heroku } = settings;
  if (jambonz === undefined) return [];
  const { phoneCarrier: phone, phoneCarriers, adopt, middlewareUrl } = jambonz;
  const password = phoneCarrierPassword ?? phoneCarrierPasswords.phone?.outbound;
  const names = [phone, ...Object.values(phoneCarriers)].map(({ name }) => name).filter((name) => name !== undefined);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...(key ? [] : ["JAMBONZ_API_KEY: is not set in the environment"]),
    ...(middlewareUrl === undefined && heroku === undefined ? ["jambonz.middlewareUrl: is not set"] : []),
    ...(adopt.phoneCarrier === ""
      ? carrierProblems(phone, "jambonz.phoneCarrier", ["phoneCarrierPassword", password])
      : []),
    ...Object.entries(phoneCarriers).flatMap(([name, one]) =>
      one.adopt === ""
        ? carrierProblems(one, `jambonz.phoneCarriers.${name}`, [
            `phoneCarrierPasswords.${name}`,
            own(phoneCarrierPasswords, name)?.outbound,
          ])
        : [],
    ),
    ...(jambonz.webhookSecretGeneration > 0 && heroku === undefined
      ? ["jambonz.webhookSecretGeneration: the middleware has to know a secret before Jambonz does: only with `heroku`"]
      : []),
    ...twice.map(
      (name) => `jambonz.phoneCarriers: two carriers are named "${name}"; Jambonz takes the first of a name`,
    ),
    ...("phone" in phoneCarriers
      ? ["jambonz.phoneCarriers.phone: this name is the one of phoneCarrier; choose another"]
      : []),
  ];
}
