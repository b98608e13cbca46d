import { own } from "@trunkline/contract";
import { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import type { Given, SipProject } from "../project.ts";
import { badFile } from "./bad-file.ts";
import type { Item, ItemKind } from "./items.ts";
import { madeUpId } from "./made-up-ids.ts";
import type { MessageType } from "./reflection.ts";
import { ShapeError, shape } from "./shape.ts";
import type { UnknownPart } from "./unknown.ts";

type Json = Parameters<typeof SIPInboundTrunkInfo.fromJson>[0];

interface Read<T> {
  object: T;
  id: string;
  item: Item;
  /** The normal form, to tell whether two are the same. */
  text: string;
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
  };
}

interface Type<T> extends MessageType {
  fromJson(json: Json): T;
}

function read<T>(
  items: readonly Item[],
  kind: ItemKind,
  type: Type<T>,
  idField: string,
  unknown: UnknownPart[],
): Read<T>[] {
  const byId = new Map<string, Read<T>>();
  let withoutId = 0;
  for (const item of items.filter((one) => one.kind === kind)) {
    const parts: Omit<UnknownPart, "id">[] = [];
    const json = inPlace(item, () => shape(type, item.value, parts));
    const text = JSON.stringify(json);
    const given = own(json, idField);
    const id = typeof given === "string" && given !== "" ? given : madeUpId(kind, ++withoutId);
    const earlier = byId.get(id);
    if (earlier?.text === text) continue;
    if (earlier)
      throw badFile(item.place, `${id} is in ${earlier.item.place}, too, with other values`, "Give one of the two.");
    const object = inPlace(item, () => type.fromJson({ ...json, [idField]: id } as Json));
    byId.set(id, { object, id, item, text });
    unknown.push(...parts.map((part) => ({ ...part, id })));
  }
  return [...byId.values()];
}

function inPlace<Value>({ place, kind }: Item, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof ShapeError ? error.message : "it is not what LiveKit's API shows";
    throw badFile(`${place} (${kind})`, reason);
  }
}
