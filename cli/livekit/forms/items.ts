import { own } from "@trunkline/contract";
import { badFile } from "./bad-file.ts";
import { canonical } from "./reflection.ts";
import { isObject } from "./shape.ts";

export type ItemKind = "inbound trunk" | "outbound trunk" | "dispatch rule";

/** A trunk or a rule as it was written, and where. */
export interface Item {
  kind: ItemKind;
  value: Record<string, unknown>;
  place: string;
}

/** Lists by their names in exports, requests and people's own files; undefined: told by what is in them. */
const LISTS = new Map<string, ItemKind | undefined>([
  ...(["inboundtrunks", "sipinboundtrunks", "inbound"] as const).map((name) => [name, "inbound trunk"] as const),
  ...(["outboundtrunks", "sipoutboundtrunks", "outbound"] as const).map((name) => [name, "outbound trunk"] as const),
  ...(["dispatchrules", "sipdispatchrules", "dispatch", "rules"] as const).map(
    (name) => [name, "dispatch rule"] as const,
  ),
  ["items", undefined],
  ["trunks", undefined],
  ["siptrunks", undefined],
]);

/** What people's own scripts put around answers; in a trunk or a rule it would be a field. */
const ENVELOPES = ["data", "result", "response", "body", "project", "sip", "livekit"];
/** What requests and answers wrap objects in. */
const WRAPPERS = new Map<string, ItemKind | undefined>([
  ["trunk", undefined],
  ["inboundtrunk", "inbound trunk"],
  ["outboundtrunk", "outbound trunk"],
  ["dispatchrule", "dispatch rule"],
  ...["action", "replace", ...ENVELOPES].map((name) => [name, undefined] as const),
]);

/** Fields that only one kind has. */
const TELLING: Record<ItemKind, readonly string[]> = {
  "dispatch rule": ["sipdispatchruleid", "rule", "trunkids", "roomconfig", "roompreset", "hidephonenumber"],
  "outbound trunk": ["address", "destinationcountry", "transport", "fromhost"],
  "inbound trunk": [
    "allowedaddresses",
    "allowednumbers",
    "authrealm",
    "ringingtimeout",
    "maxcallduration",
    "krispenabled",
  ],
};

/** Fields of a trunk of either kind. */
const TRUNK = ["siptrunkid", "numbers", "authusername", "authpassword"];
/** Fields of the deprecated SIPTrunkInfo, which was both. */
const LEGACY = [
  "inboundaddresses",
  "outboundaddress",
  "outboundnumber",
  "inboundnumbersregex",
  "inboundusername",
  "outboundusername",
];
/** A part of an object, in a request to change it. */
const CHANGE = ["update"];
/** An answer of the API that is an error (Twirp). */
const ERROR = ["msg"];
/** Fields of a call. */
const CALL = ["sipcallto", "roomname", "participantidentity"];

/** What stands beside lists and decides nothing: of answers, of pages, and of our own exports. */
const HARMLESS =
  /^(format|host|readat|status|ok|success|code|message|headers|pagination|paging|page|pageinfo|meta|metadata|next.*|hasmore|total.*|count|limit|offset|siptrunkid|sipdispatchruleid)$/;

/**
 * The trunks and rules of a JSON value: an export, the answer to a list request, a request to create one, a list, or an object by itself.
 * @param place where the value stands
 * @param beside gets the places of what else there is and is not known
 * @throws CliError BAD_FILE
 */
export function itemsOf(value: unknown, place: string, kind?: ItemKind, beside: string[] = []): Item[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => itemsOf(one, `${place}[${index}]`, kind, beside));
  if (!isObject(value)) throw badFile(place, `expected an object, found ${value === null ? "null" : typeof value}`);
  const members = new Map(Object.keys(value).map((key) => [canonical(key), key]));
  const isItem = [...Object.values(TELLING).flat(), ...TRUNK].some((name) => members.has(name));
  const parts = [...members]
    .filter(([name]) => !isItem || !ENVELOPES.includes(name))
    .flatMap(([name, key]) => partOf(name, own(value, key)).map((part) => ({ ...part, key })));
  if (parts.length === 0) return single(value, members, place, kind);
  const known = new Set(parts.map(({ key }) => key));
  beside.push(...strayParts(value, known).map((key) => `${place}: ${key}`));
  return parts.flatMap(({ key, isList, ...part }) =>
    itemsOf(
      isList ? part.value : withId(value, members, part.value),
      isList ? `${place}: ${key}` : `${place}.${key}`,
      part.kind ?? kind,
      beside,
    ),
  );
}

/** What is in an object beside what is known; a text or a number there says something about the answer, not about calls. */
export function strayParts(value: Record<string, unknown>, known: ReadonlySet<string> = new Set()): string[] {
  return Object.entries(value)
    .filter(([key, one]) => {
      const name = canonical(key);
      const isKnown =
        known.has(key) || LISTS.has(name) || WRAPPERS.has(name) || HARMLESS.test(name) || /^[$@]/.test(key);
      return !isKnown && typeof one === "object" && one !== null && Object.keys(one).length > 0;
    })
    .map(([key]) => key);
}

interface Part {
  kind: ItemKind | undefined;
  value: unknown;
  isList: boolean;
}

/** A list of objects, or what wraps one. */
function partOf(name: string, value: unknown): Part[] {
  if (LISTS.has(name) && isList(value)) return [{ kind: LISTS.get(name), value: value ?? [], isList: true }];
  const isWrapper = WRAPPERS.has(name) && (isObject(value) || Array.isArray(value));
  return isWrapper ? [{ kind: WRAPPERS.get(name), value, isList: false }] : [];
}

/** @param name canonical */
export function isListName(name: string): boolean {
  return LISTS.has(name);
}

/** @param name canonical */
export function isEnvelope(name: string): boolean {
  return WRAPPERS.has(name);
}

/** The kinds whose lists a value has, also where they are empty. */
export function listsIn(value: unknown): ItemKind[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    const name = canonical(key);
    return LISTS.get(name) ?? (WRAPPERS.has(name) ? listsIn(one) : []);
  });
}

/** A list, or the answer to a list request in its place. */
function isList(value: unknown): boolean {
  return Array.isArray(value) || value === null || (isObject(value) && "items" in value);
}

/** An update has the id beside the object. */
function withId(outer: Record<string, unknown>, members: Map<string, string>, inner: unknown): unknown {
  const ids = ["siptrunkid", "sipdispatchruleid"].flatMap((name) => members.get(name) ?? []);
  return isObject(inner) ? { ...Object.fromEntries(ids.map((key) => [key, own(outer, key)])), ...inner } : inner;
}

function single(
  value: Record<string, unknown>,
  members: Map<string, string>,
  place: string,
  given: ItemKind | undefined,
): Item[] {
  const has = (names: readonly string[]) => names.some((name) => members.has(name));
  if (members.size === 0) return refuse(place, "an empty object");
  if (has(CHANGE)) return refuse(place, "a change of some fields (UpdateSIP…), not a whole trunk or rule");
  if (has(ERROR)) return refuse(place, "an error that LiveKit's API answered, not a trunk or a rule");
  if (has(CALL)) return refuse(place, "a call (CreateSIPParticipant), not a trunk or a rule");
  if (given === undefined && has(LEGACY)) return legacyItems(value, members, place);
  const told = (["dispatch rule", "outbound trunk", "inbound trunk"] as const).find((kind) => has(TELLING[kind]));
  if (given !== undefined && told !== undefined && told !== given && isCertain(given, told))
    return refuse(place, `a ${told} in a list of ${given}s`);
  const kind = given ?? told ?? (has(TRUNK) ? "inbound trunk" : undefined);
  return kind === undefined
    ? refuse(place, `neither a trunk nor a dispatch rule (${[...members.values()].slice(0, 5).join(", ")})`)
    : [{ kind, value, place }];
}

/** A trunk never has a rule's fields, nor a rule a trunk's; fields of the other kind of trunk are named as unknown. */
function isCertain(given: ItemKind, told: ItemKind): boolean {
  return (given === "dispatch rule") !== (told === "dispatch rule");
}

/** The deprecated SIPTrunkInfo as the trunks that LiveKit makes of it (livekit protocol livekit/sip.go, AsInbound and AsOutbound). */
function legacyItems(value: Record<string, unknown>, members: Map<string, string>, place: string): Item[] {
  const of = (name: string) => own(value, members.get(name) ?? "");
  const kind = canonical(String(of("kind") ?? ""));
  const number = of("outboundnumber");
  const common = {
    sipTrunkId: of("siptrunkid"),
    name: of("name"),
    metadata: of("metadata"),
    numbers: number ? [number] : [],
  };
  const inbound = {
    ...common,
    allowedAddresses: of("inboundaddresses"),
    allowedNumbers: of("inboundnumbers"),
    authUsername: of("inboundusername"),
    authPassword: of("inboundpassword"),
    ...(members.has("inboundnumbersregex") && { inboundNumbersRegex: of("inboundnumbersregex") }),
  };
  const outbound = {
    ...common,
    address: of("outboundaddress"),
    transport: of("transport"),
    authUsername: of("outboundusername"),
    authPassword: of("outboundpassword"),
  };
  const isInbound = !["trunkoutbound", "2"].includes(kind);
  const isOutbound = Boolean(of("outboundaddress")) && !["trunkinbound", "1"].includes(kind);
  return [
    ...(isInbound ? [{ kind: "inbound trunk" as const, value: inbound, place }] : []),
    ...(isOutbound ? [{ kind: "outbound trunk" as const, value: outbound, place }] : []),
  ];
}

function refuse(place: string, what: string): never {
  throw badFile(place, `this is ${what}`);
}
