import type { Given, Page } from "../project.ts";
import { isEnvelope, isListName } from "./items.ts";
import { canonical } from "./reflection.ts";
import { isObject } from "./shape.ts";

/** How answers say that a list goes on. */
const GOES_ON = ["nextpagetoken", "nextpage", "nextcursor", "nexttoken", "hasmore"];

/** What such fields stand in. */
const PAGINATION = ["pagination", "paging", "page", "pageinfo", "meta"];

/** The field that says that the lists in a value are one page of longer ones; undefined: none does. */
export function goesOn(value: unknown): string | undefined {
  if (Array.isArray(value)) return firstOf(value);
  if (!isObject(value)) return undefined;
  const members = Object.entries(value).map(([key, one]) => [key, canonical(key), one] as const);
  const own = members.find(([, name, one]) => saysSo(name, one))?.[0];
  if (own !== undefined && members.some(([, name]) => isListName(name))) return own;
  return firstOf(members.filter(([, name]) => isListName(name) || isEnvelope(name)).map(([, , one]) => one));
}

function saysSo(name: string, value: unknown): boolean {
  if (GOES_ON.includes(name)) return !isEmpty(value);
  return (
    PAGINATION.includes(name) &&
    isObject(value) &&
    Object.entries(value).some(([key, one]) => saysSo(canonical(key), one))
  );
}

function firstOf(values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const field = goesOn(value);
    if (field !== undefined) return field;
  }
  return undefined;
}

/** A token may be an object of its own. */
function isEmpty(value: unknown): boolean {
  if (isObject(value)) return Object.values(value).every(isEmpty);
  return value === undefined || value === null || value === "" || value === false;
}

/** Lists of which a page was read, and not the last one behind it. */
export class Pages {
  readonly open = new Map<keyof Given, Page>();

  /** @param lists what was found in the value */
  add(value: unknown, lists: readonly (keyof Given)[], place: string): void {
    const field = goesOn(value);
    const found = field !== undefined && lists.length === 0 ? ALL : lists; // an empty page does not say of which list it is
    for (const list of found) {
      if (field !== undefined) this.open.set(list, { list, place: `${place}: ${field}` });
      else if (hasList(value)) this.open.delete(list);
    }
  }
}

const ALL = ["inboundTrunks", "outboundTrunks", "dispatchRules"] as const;

/** An object by itself is not the end of a list. */
function hasList(value: unknown): boolean {
  return Array.isArray(value) || (isObject(value) && Object.keys(value).some((key) => isListName(canonical(key))));
}
