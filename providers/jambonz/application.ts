import * as pulumi from "@pulumi/pulumi";
import { TrunklineError } from "../dynamic/errors.ts";
import { stub } from "../dynamic/stub.ts";
import { APPLICATION_COLUMNS } from "./application-columns.ts";
import { applicationFields, type JambonzApplicationInputs } from "./application-fields.ts";
import { applicationColumns, applicationRestoration, describeApplication } from "./application-wire.ts";
import { jambonzClient } from "./client.ts";
import { JambonzRow } from "./declared-row.ts";
import { rowResource } from "./resource.ts";
import { textOf } from "./row.ts";

/** Where jambonz posts to. */
export interface JambonzHookArgs {
  /** http, https, ws or wss. Its retries are a fragment: `#rc=3&rp=ct,5xx`; without one there are none. */
  url: pulumi.Input<string>;
  /** Default POST. A GET carries nothing about the call, so its signature cannot be checked. */
  method?: pulumi.Input<"POST" | "GET">;
  /** Basic auth, when there is a password, too. */
  username?: pulumi.Input<string>;
}

/** What is declared of any row of a Jambonz account. Defaults are those of new rows: of an adopted one, what is not said is left as it was found. */
export interface JambonzArgs {
  /** The server of the REST API, `https://…`. The key comes from JAMBONZ_API_KEY. A change replaces the row. */
  host: pulumi.Input<string>;
  /** Needed when the key sees several accounts. */
  accountSid?: pulumi.Input<string>;
  /** Take over the existing row with this sid. It is recorded as it was found. */
  adopt?: pulumi.Input<string>;
  /** An adopted row on destroy: written back as it was found (`restore`, default), or deleted. */
  onDestroy?: pulumi.Input<"restore" | "delete">;
}

/** What is declared of an application. Everything but host and account is changed in place: its sid stays. */
export interface JambonzApplicationArgs extends JambonzArgs {
  /** At most 64 characters, unique in the account: another application of this name is refused (FOREIGN_TWIN). Needed unless `adopt` is said. */
  name?: pulumi.Input<string>;
  /** Asked at each call what to do with it. Needed unless `adopt` is said. */
  callHook?: pulumi.Input<JambonzHookArgs>;
  /** Always kept as a secret. */
  callHookPassword?: pulumi.Input<string>;
  /** Told how each call goes on. Needed unless `adopt` is said. */
  statusHook?: pulumi.Input<JambonzHookArgs>;
  /** Always kept as a secret. */
  statusHookPassword?: pulumi.Input<string>;
  /** Told of SMS and MMS. */
  messagingHook?: pulumi.Input<JambonzHookArgs>;
  /** Always kept as a secret. */
  messagingHookPassword?: pulumi.Input<string>;
  /** Verbs as JSON, in place of the call hook's. */
  appJson?: pulumi.Input<string>;
  /** What `say` sounds like. Defaults: google, en-US, en-US-Standard-C. */
  synthesis?: pulumi.Input<{ vendor?: string; language?: string; voice?: string; label?: string }>;
  /** Defaults: google, en-US. */
  recognition?: pulumi.Input<{ vendor?: string; language?: string; label?: string }>;
  /** Whether the two that follow are used where the first vendor fails. */
  useFallbackSpeech?: pulumi.Input<boolean>;
  fallbackSynthesis?: pulumi.Input<{ vendor?: string; language?: string; voice?: string; label?: string }>;
  fallbackRecognition?: pulumi.Input<{ vendor?: string; language?: string; label?: string }>;
  /** Default false. */
  recordAllCalls?: pulumi.Input<boolean>;
  /** Sent with each call hook; checked by the API against the schema that the application serves on OPTIONS. Always kept as a secret. */
  envVars?: pulumi.Input<Record<string, string | number | boolean>>;
  /** The account's SIP realm as this stack believes it to be: verified in preview (REALM_MISMATCH). Default: not verified. */
  sipRealm?: pulumi.Input<string>;
}

const provider = stub("jambonz:Application");

/**
 * What becomes of a call (`/v1/Applications`).
 * Errors: ENVIRONMENT_MISMATCH, MISSING_CREDENTIALS, REALM_MISMATCH, FOREIGN_TWIN, OBJECT_GONE, API_REFUSED, API_UNREACHABLE.
 *
 * @example
 * ```ts
 * import { JambonzApplication } from "@trunkline/providers";
 *
 * const application = new JambonzApplication("voice", {
 *   host: "https://jambonz.example.com",
 *   name: "voice",
 *   callHook: { url: "https://hooks.example.com/call#rc=3&rp=ct,5xx" },
 *   statusHook: { url: "https://hooks.example.com/status" },
 * });
 * export const applicationSid = application.sid;
 * ```
 */
export class JambonzApplication extends JambonzRow {
  declare readonly name: pulumi.Output<string>;
  declare readonly callHook: pulumi.Output<{ url: string; method: string; username: string }>;

  constructor(resourceName: string, args: JambonzApplicationArgs, options: pulumi.CustomResourceOptions = {}) {
    const inputs = {
      ...args,
      callHookPassword: asSecret(args.callHookPassword),
      statusHookPassword: asSecret(args.statusHookPassword),
      messagingHookPassword: asSecret(args.messagingHookPassword),
      envVars: asSecret(args.envVars),
    };
    const secrets = ["callHookPassword", "statusHookPassword", "messagingHookPassword", "envVars", "found"];
    super(resourceName, { provider, inputs, options, secrets, type: "Application" });
  }
}

/** A secret input, where there is one. */
export function asSecret<T>(value: pulumi.Input<T> | undefined): pulumi.Output<pulumi.Unwrap<T>> | undefined {
  return value === undefined ? undefined : pulumi.secret(value as pulumi.Input<T>);
}

/** How it is done. Called by the dispatcher. */
export const jambonzApplication = rowResource<JambonzApplicationInputs>({
  collection: "Applications",
  key: "application_sid",
  title: "application",
  fields: applicationFields,
  columns: APPLICATION_COLUMNS,
  replaceOn: [],
  validate: requireUsable,
  isTwin: (row, { name }) => textOf(row, "name") === name,
  naturalKey: ({ name, adopt }) => `named "${name ?? adopt}"`,
  describe: describeApplication,
  newRow: (inputs, account) => ({ account_sid: account.account_sid, ...applicationColumns(inputs) }),
  changes: applicationColumns,
  restoration: applicationRestoration,
});

async function requireUsable(inputs: JambonzApplicationInputs): Promise<void> {
  const { adopt, name, callHook, statusHook } = inputs;
  const missing = Object.entries({ name, callHook, statusHook }).filter(([, value]) => value === undefined);
  if (adopt === "" && missing.length > 0)
    throw new TrunklineError("INVALID_INPUT", `A new application needs ${missing.map(([input]) => input).join(", ")}.`);
  await requireRealm(inputs);
}

/** LiveKit dials the realm: were it another one, every call would end at an SBC that answers 404. */
async function requireRealm({ host, accountSid, sipRealm }: JambonzApplicationInputs): Promise<void> {
  if (sipRealm === "") return;
  const live = textOf(await jambonzClient(host).account(accountSid), "sip_realm");
  if (live.toLowerCase() === sipRealm) return;
  if (live === "")
    throw new TrunklineError(
      "REALM_MISMATCH",
      `The Jambonz account at ${host} has no SIP realm, as a new account has none. LiveKit's calls would not arrive. Set it to "${sipRealm}" in Jambonz (portal, Account, SIP realm).`,
    );
  throw new TrunklineError(
    "REALM_MISMATCH",
    `The SIP realm of the Jambonz account at ${host} is "${live}", not "${sipRealm}" as this stack is configured. LiveKit's calls would not arrive. Set the stack's SBC address to the realm, or change the realm in Jambonz.`,
  );
}
