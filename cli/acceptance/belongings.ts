import type { Mark } from "../../providers/dynamic/marks.ts";
import type { Row } from "../../providers/jambonz/row.ts";
import { textOf } from "../../providers/jambonz/row.ts";
import { dispatchRuleKind, inboundTrunkKind, outboundTrunkKind } from "../../providers/livekit/kinds.ts";
import type { Kind } from "../../providers/livekit/ownership.ts";
import type { SipProject } from "../livekit/project.ts";

/** A live object of one of the three systems. */
export interface Thing {
  system: "LiveKit" | "Jambonz" | "Heroku";
  kind: "dispatch rule" | "trunk" | "phone number" | "carrier" | "application" | "app";
  id: string;
  name: string;
}

/** The rows of a Jambonz account. */
export interface JambonzRows {
  applications: readonly Row[];
  carriers: readonly Row[];
  numbers: readonly Row[];
}

/** What the stack's carriers and apps are called. Others' names may begin in the same way: whole names only. */
export interface OwnNames {
  carriers: readonly string[];
  apps: readonly string[];
}

/** Everything that was found, told apart: what is the stack's, and what is others'. In an order in which it can be deleted. */
export interface Found {
  own: Thing[];
  others: Thing[];
}

/** Trunks and rules are known by the stack's identity in their mark: another stack may have the same names. */
export function livekitThings(
  { dispatchRules, inboundTrunks, outboundTrunks }: SipProject,
  isOurs: (mark: Mark) => boolean,
): Found {
  return together([
    marked("dispatch rule", dispatchRuleKind, dispatchRules, isOurs),
    marked("trunk", inboundTrunkKind, inboundTrunks, isOurs),
    marked("trunk", outboundTrunkKind, outboundTrunks, isOurs),
  ]);
}

function marked<Live>(kind: Thing["kind"], of: Kind<Live>, objects: Live[], isOurs: (mark: Mark) => boolean): Found {
  const isOwn = (object: Live) => {
    const mark = of.markOf(object);
    return mark !== undefined && isOurs(mark);
  };
  const thing = (object: Live): Thing => ({ system: "LiveKit", kind, id: of.idOf(object), name: of.nameOf(object) });
  return split(objects, isOwn, thing);
}

/** Rows have no place for a mark: they are known by name, numbers by their carrier. Numbers go before carriers, carriers before applications. */
export function jambonzThings(
  { applications, carriers, numbers }: JambonzRows,
  stack: string,
  names: readonly string[],
): Found {
  const isOwnCarrier = (row: Row) => names.includes(textOf(row, "name"));
  const own = new Set(carriers.filter(isOwnCarrier).map((row) => textOf(row, "voip_carrier_sid")));
  const rows = (kind: Thing["kind"], all: readonly Row[], sid: string, label: string, isOwn: (row: Row) => boolean) =>
    split(all, isOwn, (row): Thing => ({ system: "Jambonz", kind, id: textOf(row, sid), name: textOf(row, label) }));
  return together([
    rows("phone number", numbers, "phone_number_sid", "number", (row) => own.has(textOf(row, "voip_carrier_sid"))),
    rows("carrier", carriers, "voip_carrier_sid", "name", isOwnCarrier),
    rows("application", applications, "application_sid", "name", (row) =>
      isApplicationName(textOf(row, "name"), stack),
    ),
  ]);
}

export function herokuThings(apps: readonly string[], names: readonly string[]): Found {
  const isOwn = (name: string) => names.includes(name);
  return split(apps, isOwn, (name): Thing => ({ system: "Heroku", kind: "app", id: name, name }));
}

export function together(found: readonly Found[]): Found {
  return { own: found.flatMap(({ own }) => own), others: found.flatMap(({ others }) => others) };
}

function isApplicationName(name: string, stack: string): boolean {
  return [`trunkline-${stackName(stack)}`, `trunkline-${stackName(stack)}-agent-leg`].includes(name);
}

function stackName(stack: string): string {
  return stack.split("/").at(-1) ?? stack;
}

function split<Live>(all: readonly Live[], isOwn: (one: Live) => boolean, thing: (one: Live) => Thing): Found {
  return { own: all.filter(isOwn).map(thing), others: all.filter((one) => !isOwn(one)).map(thing) };
}
