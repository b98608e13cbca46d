import { columnsOf, foundColumns, inputsOf } from "./columns.ts";
import type { Row } from "./row.ts";
import { CARRIER_COLUMNS } from "./voip-carrier-columns.ts";
import type { JambonzVoipCarrierInputs } from "./voip-carrier-fields.ts";

/** A stored carrier as the inputs that would declare it, of those that are declared. */
export function describeCarrier(row: Row, context: JambonzVoipCarrierInputs): JambonzVoipCarrierInputs {
  return inputsOf(CARRIER_COLUMNS, row, context);
}

/** All columns that are declared. */
export function carrierColumns(inputs: JambonzVoipCarrierInputs): Row {
  return columnsOf(CARRIER_COLUMNS, inputs);
}

/** A found carrier's columns. */
export function carrierRestoration(found: Row, live: Row): Row {
  return { account_sid: live.account_sid, ...foundColumns(CARRIER_COLUMNS, found) };
}
