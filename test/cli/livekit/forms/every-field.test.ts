import { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { readForms } from "../../../../cli/livekit/forms/read-forms.ts";
import type { Field, Kind, MessageType } from "../../../../cli/livekit/forms/reflection.ts";

/** Every field that the SDK's messages have, whichever it will have after the next update, in every way to write it. */

type Style = (name: string) => string;
type Named = Field & { readonly name: string };

const pascal: Style = (name) => name.replaceAll(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
const STYLES: Record<string, Style> = {
  "snake case": (name) => name,
  "camel case": (name) => pascal(name).replace(/^./, (first) => first.toLowerCase()),
  "Go's case": pascal,
  "ID in capitals": (name) => pascal(name).replace(/Id(s?)$/, "ID$1"),
  "capitals throughout": (name) => name.toUpperCase(),
};

/** Deeper is only a room's egress, whose messages have each other in them. */
const DEEPEST = 3;

function sample(type: MessageType, style: Style, depth = 0): Record<string, unknown> {
  const oneofs = new Set<string>();
  const members = (type.fields.list() as readonly Named[]).flatMap((field): [string, unknown][] => {
    if (field.oneof !== undefined && oneofs.size === oneofs.add(field.oneof.name).size) return [];
    const value = sampleOf(field, style, depth);
    return value === undefined ? [] : [[style(field.name), field.repeated ? [value] : value]];
  });
  return Object.fromEntries(members);
}

function sampleOf(kind: Kind, style: Style, depth: number): unknown {
  if (kind.kind === "map") return { key: sampleOf(kind.V, style, depth) };
  if (kind.kind === "enum") return kind.T.values.at(-1)?.no;
  if (kind.kind === "scalar") return { 9: "ST_1", 8: true }[kind.T] ?? 5;
  if (kind.T.typeName === "google.protobuf.Duration") return { [style("seconds")]: 30 };
  if (kind.T.typeName === "google.protobuf.Timestamp") return { [style("seconds")]: 1_793_527_200 };
  return depth < DEEPEST ? sample(kind.T, style, depth + 1) : undefined;
}

const TYPES = [
  ["inboundTrunks", SIPInboundTrunkInfo],
  ["outboundTrunks", SIPOutboundTrunkInfo],
  ["dispatchRules", SIPDispatchRuleInfo],
] as const;

describe.each(Object.entries(STYLES))("in %s", (_, style) => {
  test.each(TYPES)("%s: all is read, nothing is unknown", (list, type) => {
    const read = (written: Style) =>
      readForms([{ name: "x.json", bytes: Buffer.from(JSON.stringify({ [list]: [sample(type, written)] })) }]);
    const project = read(style);
    expect(project.unknown).toEqual([]);
    const [object] = project[list];
    expect(Object.keys(object?.toJson() as object)).toHaveLength(type.fields.list().length);
    expect(object?.toJson()).toEqual(read((name) => name)[list][0]?.toJson());
  });
});
