import { type Row, textOf } from "../../providers/jambonz/row.ts";
import { quoted } from "../../providers/text/foreign.ts";
import type { Difference } from "./difference.ts";

/** The rows of one Jambonz account, of every kind that a stack can declare; of gateways those of declared carriers. */
export interface JambonzRows {
  applications: readonly Row[];
  carriers: readonly Row[];
  gateways: readonly Row[];
  numbers: readonly Row[];
}

/** What the state says about the account. */
export interface Declared {
  /** Sids in the state, and those that were allowed by hand. */
  ids: ReadonlySet<string>;
  applications: ReadonlySet<string>;
  carriers: ReadonlySet<string>;
  /** Carriers of which the stack declares where they send their calls. */
  carriersWithGateways: ReadonlySet<string>;
  /** Webhooks of the declared applications. */
  hooks: ReadonlySet<string>;
}

/**
 * Rows that no stack has declared and that lead calls into this one, or its calls elsewhere. A Jambonz account serves many, and its rows have no
 * place for marks: all others are nobody's concern.
 */
export function strayRows(rows: JambonzRows, declared: Declared): Difference[] {
  const { applications, carriers, carriersWithGateways, hooks } = declared;
  const stray = (key: string, all: readonly Row[]) => all.filter((row) => !declared.ids.has(textOf(row, key)));
  return [
    ...stray("application_sid", rows.applications)
      .filter((row) => hooks.has(hookOf(row)))
      .map((row) => unmanaged("application", row, "application_sid", textOf(row, "name"), SAME_HOOK)),
    ...stray("voip_carrier_sid", rows.carriers)
      .filter((row) => applications.has(textOf(row, "application_sid")))
      .map((row) => unmanaged("carrier", row, "voip_carrier_sid", textOf(row, "name"), CALLS_IN)),
    ...stray("sip_gateway_sid", rows.gateways)
      .filter((row) => carriersWithGateways.has(textOf(row, "voip_carrier_sid")))
      .map((row) => unmanaged("gateway", row, "sip_gateway_sid", textOf(row, "ipv4"), ANOTHER_WAY)),
    ...stray("phone_number_sid", rows.numbers)
      .filter((row) => leadsHere(row, applications, carriers))
      .map((row) => unmanaged("phone number", row, "phone_number_sid", textOf(row, "number"), CALLS_IN)),
  ];
}

/** By its own application, or, without one, by its carrier's. */
function leadsHere(row: Row, applications: ReadonlySet<string>, carriers: ReadonlySet<string>): boolean {
  const application = textOf(row, "application_sid");
  return application === "" ? carriers.has(textOf(row, "voip_carrier_sid")) : applications.has(application);
}

/** Without the retries, which Jambonz has behind a `#`. */
export function hookOf(row: Row): string {
  const hook = row.call_hook ?? row.callHook;
  const url = typeof hook === "object" && hook !== null ? textOf(hook as Row, "url") : "";
  return url.replace(/#.*$/s, "");
}

const SAME_HOOK = "It has the webhook of this stack's application.";
const CALLS_IN = "Its calls come to this stack's application.";
const ANOTHER_WAY = "It belongs to a carrier of this stack, whose calls may go there, or come from there.";
const REMEDY = "Declare it (jambonz.adopt), remove it in Jambonz, or say --allow.";

function unmanaged(title: string, row: Row, key: string, name: string, what: string): Difference {
  return {
    kind: "unmanaged",
    system: "Jambonz",
    object: `${title} ${quoted(name)}`,
    id: textOf(row, key),
    field: "",
    declared: undefined,
    live: textOf(row, key),
    what: `No stack has declared it. ${what} ${REMEDY}`,
  };
}
