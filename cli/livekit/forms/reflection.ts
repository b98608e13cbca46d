/** What is used of the descriptions that livekit-server-sdk's messages carry (@bufbuild/protobuf 1). */
export interface MessageType {
  readonly typeName: string;
  readonly fields: { list(): readonly Field[] };
}

interface EnumType {
  readonly typeName: string;
  readonly values: readonly { no: number; name: string }[];
}

interface CommonField {
  readonly jsonName: string;
  readonly repeated?: boolean;
  readonly oneof?: { readonly name: string } | undefined;
}

export type Field = CommonField & Kind;

export type Kind =
  | { readonly kind: "scalar"; readonly T: number }
  | { readonly kind: "enum"; readonly T: EnumType }
  | { readonly kind: "message"; readonly T: MessageType }
  | { readonly kind: "map"; readonly V: Kind };

/** `sip_trunk_id`, `sipTrunkId`, `SipTrunkID` and `SIPTrunkID` are one name. */
export function canonical(name: string): string {
  return name.replaceAll(/[_-]/g, "").toLowerCase();
}

/** Scalar types by their number in a descriptor. */
export const SCALAR = { bool: 8, string: 9 } as const;

const fieldsOf = new WeakMap<MessageType, ReadonlyMap<string, Field>>();

/** The fields of a type by their canonical names; made once. */
export function fieldsByName(type: MessageType): ReadonlyMap<string, Field> {
  const known = fieldsOf.get(type) ?? new Map(type.fields.list().map((field) => [canonical(field.jsonName), field]));
  fieldsOf.set(type, known);
  return known;
}
