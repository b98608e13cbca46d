import { own } from "@trunkline/contract";
import { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import type { Given, SipProject } from "../project.ts";
import { badFile } from "./bad-file.ts";
import type { Item, ItemKind } from "./items.ts";
import { isMadeUp, madeUpId } from "./made-up-ids.ts";
import type { MessageType } from "./reflection.ts";
import { ShapeError, shape } from "./shape.ts";
import type { UnknownPart } from "./unknown.ts";

type Json = Parameters<typeof SIPInboundTrunkInfo.fromJson>[0];

interface Read<T> {
  object: T;
  id: string;
  item: Item;
  /** What is not known of it. */
  parts: Found[];
}

type Found = Omit<UnknownPart, "id">;
interface Message {
  toJson(): unknown;
}

export type ReadProject = Omit<SipProject, "host">;

/**
 * The trunks and rules as messages of the SDK. Objects without an id, from files for `lk sip … create`, get a made-up one in brackets.
 * @throws CliError BAD_FILE that names the item
 */
export function projectOf(items: readonly Item[], given: Given): ReadProject {
  const unknown: UnknownPart[] = [];
  const inbound = read(items, "inbound trunk", SIPInboundTrunkInfo, "sipTrunkId", unknown);
  const outbound = read(items, "outbound trunk", SIPOutboundTrunkInfo, "sipTrunkId", unknown);
  const rules = read(items, "dispatch rule", SIPDispatchRuleInfo, "sipDispatchRuleId", unknown);
  return {
    inboundTrunks: inbound.map(({ object }) => object),
    outboundTrunks: outbound.map(({ object }) => object),
    dispatchRules: rules.map(({ object }) => object),
    unknown,
    given,
    created: new Set([...inbound, ...outbound].map(({ id }) => id).filter(isMadeUp)),
  };
}

interface Type<T> extends MessageType {
  fromJson(json: Json): T;
}

function read<T extends Message>(
  items: readonly Item[],
  kind: ItemKind,
  type: Type<T>,
  idField: string,
  unknown: UnknownPart[],
): Read<T>[] {
  const byId = new Map<string, Read<T>>();
  let withoutId = 0;
  for (const item of items.filter((one) => one.kind === kind)) {
    const parts: Found[] = [];
    const json = inPlace(item, () => shape(type, item.value, parts));
    const given = own(json, idField);
    const id = typeof given === "string" && given !== "" ? given : madeUpId(kind, ++withoutId);
    const earlier = byId.get(id);
    const object = inPlace(item, () => type.fromJson({ ...json, [idField]: id } as Json));
    if (earlier && isSame(earlier, { object, parts })) continue;
    if (earlier)
      throw badFile(item.place, `${id} is in ${earlier.item.place}, too, with other values`, "Give one of the two.");
    byId.set(id, { object, id, item, parts });
    unknown.push(...parts.map((part) => ({ ...part, id })));
  }
  return [...byId.values()];
}

/** In whatever order and form they were written, and whether or not what is empty was. */
function isSame(one: Pick<Read<Message>, "object" | "parts">, other: typeof one): boolean {
  const [first, second] = [one, other].map(({ object, parts }) =>
    JSON.stringify([object.toJson(), parts.map(({ value }) => value)]),
  );
  return first === second;
}

function inPlace<Value>({ place, kind }: Item, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof ShapeError ? error.message : "it is not what LiveKit's API shows";
    throw badFile(`${place} (${kind})`, reason);
  }
}
