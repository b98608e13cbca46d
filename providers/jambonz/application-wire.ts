import { APPLICATION_COLUMNS } from "./application-columns.ts";
import type { JambonzApplicationInputs } from "./application-fields.ts";
import { columnsOf, foundColumns, inputsOf } from "./columns.ts";
import { type Row, rowOf } from "./row.ts";

const HOOKS = ["call_hook", "call_status_hook", "messaging_hook"];

/** A stored application as the inputs that would declare it, of those that are declared. */
export function describeApplication(row: Row, context: JambonzApplicationInputs): JambonzApplicationInputs {
  return inputsOf(APPLICATION_COLUMNS, row, context);
}

/** The columns of an application that are declared. The name is always among them, since a PUT of hooks alone is an empty UPDATE and fails. */
export function applicationColumns(inputs: JambonzApplicationInputs, live?: Row): Row {
  const { env_vars: variables, ...columns } = columnsOf(APPLICATION_COLUMNS, inputs);
  const hasVariables = Object.keys(inputs.envVars ?? {}).length > 0 || rowOf(live ?? {}, "env_vars") !== undefined;
  return {
    ...(live && { name: live.name }),
    ...inTheirRows(columns, live),
    ...(variables !== undefined && hasVariables && { env_vars: variables }),
  };
}

/** A found application's columns, its hooks written into the rows that are in use now. A hook cannot be removed again: null is refused. */
export function applicationRestoration(found: Row, live: Row): Row {
  const columns = Object.entries(foundColumns(APPLICATION_COLUMNS, found));
  const kept = columns.filter(([name]) => !HOOKS.includes(name) || rowOf(found, name) !== undefined);
  return inTheirRows(Object.fromEntries(kept), live);
}

/**
 * A hook is sent with the sid of its row, without which the API makes a new row and leaves the old one behind; and with its URL, which the
 * API checks in every body.
 */
function inTheirRows(columns: Row, live: Row | undefined): Row {
  const rows = Object.entries(columns).map(([name, value]) => {
    const hook = HOOKS.includes(name) ? rowOf(columns, name) : undefined;
    if (hook === undefined) return [name, value] as const;
    const row = live && rowOf(live, name);
    return [name, row ? { webhook_sid: row.webhook_sid, url: row.url, ...hook } : hook] as const;
  });
  return Object.fromEntries(rows);
}
