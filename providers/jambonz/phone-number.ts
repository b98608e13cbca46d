import type * as pulumi from "@pulumi/pulumi";
import type { InputsOf } from "../dynamic/resource.ts";
import { stub } from "../dynamic/stub.ts";
import type { JambonzArgs } from "./application.ts";
import { type Column, columnsOf, foundColumns, inputsOf } from "./columns.ts";
import { JambonzRow } from "./declared-row.ts";
import { calledNumber, commonFields, optionalSid, sid } from "./fields.ts";
import { rowResource } from "./resource.ts";
import { type Row, textOf } from "./row.ts";

/** What is declared of a called number. Its application is changed in place. */
export interface JambonzPhoneNumberArgs extends JambonzArgs {
  /** International, in any spelling; or a pattern (`4930123*`, a regular expression). A change makes another row. */
  number: pulumi.Input<string>;
  /** The carrier its calls come from. A change makes another row. */
  carrierSid: pulumi.Input<string>;
  /** The application of its calls. Default: the carrier's. */
  applicationSid?: pulumi.Input<string>;
}

const provider = stub("jambonz:PhoneNumber");

/**
 * A number that is called over a carrier (`/v1/PhoneNumbers`).
 * Errors: ENVIRONMENT_MISMATCH, MISSING_CREDENTIALS, FOREIGN_TWIN, OBJECT_GONE, API_REFUSED, API_UNREACHABLE.
 *
 * @example
 * ```ts
 * import { JambonzApplication, JambonzPhoneNumber, JambonzVoipCarrier } from "@trunkline/providers";
 *
 * const host = "https://jambonz.example.com";
 * const hook = { url: "https://hooks.example.com/call" };
 * const application = new JambonzApplication("voice", { host, name: "voice", callHook: hook, statusHook: hook });
 * const carrier = new JambonzVoipCarrier("carrier", { host, name: "carrier" });
 *
 * new JambonzPhoneNumber("office", {
 *   host,
 *   number: "+4989654321",
 *   carrierSid: carrier.sid,
 *   applicationSid: application.sid,
 * });
 * ```
 */
export class JambonzPhoneNumber extends JambonzRow {
  declare readonly number: pulumi.Output<string>;

  constructor(resourceName: string, args: JambonzPhoneNumberArgs, options: pulumi.CustomResourceOptions = {}) {
    super(resourceName, { provider, inputs: { ...args }, options, type: "PhoneNumber" });
  }
}

const fields = {
  ...commonFields,
  number: calledNumber,
  carrierSid: sid,
  applicationSid: optionalSid.optional(),
} as const;

/** The one column of `phone_numbers` that can be changed (jambonz-api-server dd755f8, lib/routes/api/phone-numbers.js). */
export const NUMBER_COLUMNS: readonly Column[] = [
  { column: "application_sid", input: "applicationSid", type: "text", created: "" },
];

type Inputs = InputsOf<typeof fields>;

/** How it is done. Called by the dispatcher. */
export const jambonzPhoneNumber = rowResource<Inputs>({
  collection: "PhoneNumbers",
  key: "phone_number_sid",
  title: "phone number",
  fields,
  columns: NUMBER_COLUMNS,
  replaceOn: ["number", "carrierSid"],
  isTwin: (row, { number, carrierSid }) =>
    textOf(row, "voip_carrier_sid") === carrierSid && textOf(row, "number") === stored(number),
  naturalKey: ({ number, carrierSid }) => `for ${number} of carrier ${carrierSid}`,
  describe,
  newRow: (inputs, { account_sid }) => ({
    account_sid,
    number: stored(inputs.number),
    voip_carrier_sid: inputs.carrierSid,
    ...columnsOf(NUMBER_COLUMNS, inputs),
  }),
  // Number and carrier in a PUT are refused, also when they are the same.
  changes: (inputs) => columnsOf(NUMBER_COLUMNS, inputs),
  restoration: (found) => foundColumns(NUMBER_COLUMNS, found),
});

function describe(row: Row, context: Inputs): Inputs {
  const number = textOf(row, "number");
  return {
    ...inputsOf(NUMBER_COLUMNS, row, context),
    number: number === stored(context.number) ? context.number : calledNumber.catch(number).parse(number),
    carrierSid: textOf(row, "voip_carrier_sid"),
  };
}

/** As the API stores it: without plus. */
function stored(number: string): string {
  return number.replace(/^\+/, "");
}
