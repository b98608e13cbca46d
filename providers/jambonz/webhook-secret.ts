import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { DeclaredResource } from "../dynamic/declared.ts";
import { TrunklineError } from "../dynamic/errors.ts";
import { type Handler, type InputsOf, managed } from "../dynamic/resource.ts";
import { stub } from "../dynamic/stub.ts";
import { asSecret, type JambonzArgs } from "./application.ts";
import { jambonzClient } from "./client.ts";
import { requireSameJambonz } from "./environment.ts";
import { jambonzHost, optionalSid, sid } from "./fields.ts";
import { type Row, textOf } from "./row.ts";

/** A column of the API's database: longer ones are refused with an error that names no limit. */
const LONGEST = 36;
const SHORTEST = 12;

/** What signs the webhooks of an account. */
export interface JambonzWebhookSecretArgs extends Pick<JambonzArgs, "host" | "accountSid"> {
  /** 12 to 36 characters. Always kept as a secret. */
  secret: pulumi.Input<string>;
  /** Our applications. The hooks of all others in the account would be signed with a secret that their services do not know. */
  applicationSids: pulumi.Input<pulumi.Input<string>[]>;
}

const fields = {
  host: jambonzHost,
  accountSid: optionalSid.default(""),
  secret: z
    .string()
    .min(SHORTEST, `is shorter than ${SHORTEST} characters`)
    .max(LONGEST, `is over ${LONGEST} characters`),
  applicationSids: z.array(sid),
} as const;

type Inputs = InputsOf<typeof fields>;
/** `ownerSid`: the account it was set in. */
type State = Inputs & { ownerSid: string };

const provider = stub("jambonz:WebhookSecret");

/**
 * The webhook secret of an account (`PUT /v1/Accounts/:sid`). Calls under way keep the secret they began with (seen: jambonz-live, section 13),
 * so whoever checks signatures has to know both before this is changed. Destroying it leaves the secret as it is.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { JambonzApplication, JambonzWebhookSecret } from "@trunkline/providers";
 *
 * const host = "https://jambonz.example.com";
 * const hook = { url: "https://hooks.example.com/call" };
 * const application = new JambonzApplication("voice", { host, name: "voice", callHook: hook, statusHook: hook });
 *
 * new JambonzWebhookSecret("webhooks", {
 *   host,
 *   secret: new pulumi.Config().requireSecret("webhookSecret"),
 *   applicationSids: [application.sid],
 * });
 * ```
 *
 * Errors: ENVIRONMENT_MISMATCH, MISSING_CREDENTIALS, SHARED_ACCOUNT, API_REFUSED, API_UNREACHABLE.
 */
export class JambonzWebhookSecret extends DeclaredResource {
  constructor(resourceName: string, args: JambonzWebhookSecretArgs, options: pulumi.CustomResourceOptions = {}) {
    const inputs = { ownerSid: undefined, ...args, secret: asSecret(args.secret) };
    super(resourceName, { provider, inputs, options, secrets: ["secret"], module: "jambonz", type: "WebhookSecret" });
  }
}

/** How it is done. Called by the dispatcher. */
export const jambonzWebhookSecret: Handler<Inputs, State> = managed<Inputs, State, string>({
  fields,
  replaceOn: ["host", "accountSid"],
  identity: ({ host, accountSid }) => `${host} ${accountSid}`,
  validate: async ({ host, accountSid, secret, applicationSids }, { secret: before }) => {
    requireSameJambonz(host);
    if (secret === before) return;
    const client = jambonzClient(host);
    const account = textOf(await client.account(accountSid), "account_sid");
    refuseOthers(await client.list("Applications"), account, applicationSids);
  },
  observe: async (_id, { host, ownerSid }) => {
    const client = jambonzClient(host);
    await client.account(ownerSid); // with a key of another account this would be another secret
    return client.webhookSecret(ownerSid);
  },
  ensure: async ({ host, accountSid }) => {
    const client = jambonzClient(host);
    const ownerSid = textOf(await client.account(accountSid), "account_sid");
    return { id: ownerSid, live: await client.webhookSecret(ownerSid), extra: { ownerSid } };
  },
  sync: async (live, inputs) => {
    const { host, accountSid, secret } = inputs;
    if (live === secret) return live;
    const client = jambonzClient(host);
    const account = textOf(await client.account(accountSid), "account_sid");
    refuseOthers(await client.list("Applications"), account, inputs.applicationSids);
    await client.setWebhookSecret(account, secret);
    return secret;
  },
  describe: (secret, context) => ({ ...context, secret }),
  remove: async () => {}, // an account has one always
  gone: (id) => new TrunklineError("OBJECT_GONE", `The account ${id} was deleted outside of Pulumi.`),
});

/** @throws SHARED_ACCOUNT, before anything is changed */
function refuseOthers(applications: Row[], account: string, own: readonly string[]): void {
  const others = applications.filter(
    (row) => textOf(row, "account_sid") === account && !own.includes(textOf(row, "application_sid")),
  );
  if (others.length === 0) return;
  const names = others.map((row) => `"${textOf(row, "name")}" (${textOf(row, "application_sid")})`).join(", ");
  throw new TrunklineError(
    "SHARED_ACCOUNT",
    `The webhook secret of the account ${account} also signs the hooks of ${names}, which are not of this stack: their services would refuse every call. Give each stack an account of its own, or change the secret by hand (docs/JAMBONZ.md).`,
  );
}
