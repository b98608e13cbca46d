import fc from "fast-check";
import { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { CLASHING } from "../cli/projects.ts";
import { hostileText as anyText } from "./texts.ts";

/** Protobuf refuses lone surrogates itself. */
const hostileText = anyText.map((text) => text.toWellFormed());

/** As much of protobuf's descriptors as tells which fields a message has. */
interface Field {
  jsonName: string;
  kind: string;
  repeated?: boolean;
  oneof?: { name: string } | undefined;
  T?: unknown;
}
interface MessageType {
  typeName: string;
  fields: { list(): readonly Field[] };
}

const STRING = 9;
const DEEPEST = 3;

/** Protobuf JSON of a message with hostile text in every field that takes text: a field of a later SDK is among them by itself. */
function hostileMessage(type: MessageType, depth = 0): fc.Arbitrary<Record<string, unknown>> {
  const fields = type.fields.list().flatMap((field) => {
    const value = hostileField(field, depth);
    return value === undefined ? [] : [[field, value] as const];
  });
  const record = fc.record(Object.fromEntries(fields.map(([{ jsonName }, value]) => [jsonName, value])), {
    requiredKeys: fields.filter(([{ oneof }]) => oneof === undefined).map(([{ jsonName }]) => jsonName),
  });
  return record.map((message) => oneOfEach(message, type));
}

function hostileField({ kind, T, repeated }: Field, depth: number): fc.Arbitrary<unknown> | undefined {
  const one = kind === "message" ? hostileSubMessage(T as MessageType, depth) : T === STRING ? hostileText : undefined;
  if (kind === "map") return fc.dictionary(hostileText, hostileText, { maxKeys: 2, noNullPrototype: true });
  return repeated && one ? fc.array(one, { maxLength: 2 }) : one;
}

/** Times and durations are no text. */
function hostileSubMessage(type: MessageType, depth: number): fc.Arbitrary<unknown> | undefined {
  return type.typeName.startsWith("google.") || depth >= DEEPEST ? undefined : hostileMessage(type, depth + 1);
}

function oneOfEach(message: Record<string, unknown>, type: MessageType): Record<string, unknown> {
  const groups = new Map<string, string>();
  for (const { jsonName, oneof } of type.fields.list())
    if (oneof && jsonName in message) groups.set(oneof.name, jsonName);
  const isChosen = ({ jsonName, oneof }: Field) => oneof === undefined || groups.get(oneof.name) === jsonName;
  const kept = type.fields.list().filter((field) => field.jsonName in message && isChosen(field));
  return Object.fromEntries(kept.map(({ jsonName }) => [jsonName, message[jsonName]]));
}

const object = (type: unknown) => hostileMessage(type as MessageType);

/** Text in every field; the next two are so that calls clash, match and lead nowhere. */
const anyProject = fc.record({
  inboundTrunks: fc.array(object(SIPInboundTrunkInfo), { maxLength: 2 }),
  outboundTrunks: fc.array(object(SIPOutboundTrunkInfo), { maxLength: 1 }),
  dispatchRules: fc.array(object(SIPDispatchRuleInfo), { maxLength: 2 }),
});

/** The objects of a set-up that clashes, with names of hostile text. */
const clashingProject = fc.array(hostileText, { minLength: 6, maxLength: 6 }).map((names) => ({
  inboundTrunks: CLASHING.inboundTrunks.map((trunk, index) => ({ ...trunk, name: names[index] ?? "" })),
  outboundTrunks: [],
  dispatchRules: CLASHING.dispatchRules.map((rule, index) => ({
    ...rule,
    name: names[index + 2] ?? "",
    rule: { dispatchRuleDirect: { roomName: names[index + 4] ?? "", pin: "" } },
    roomConfig: { agents: [{ agentName: names[index + 2] ?? "", metadata: names[index + 4] ?? "" }] },
  })),
}));

/** A LiveKit project, as an export of `explain` has it. */
export const hostileProject = fc.oneof(anyProject, clashingProject);
export const hostileTrunk = object(SIPInboundTrunkInfo);
export const hostileRule = object(SIPDispatchRuleInfo);

/** Any JSON of the same form, its texts (but those of some fields) replaced by hostile ones. */
export function hostileLike<T>(template: T, kept: ReadonlySet<string> = new Set()): fc.Arbitrary<T> {
  return fc.infiniteStream(hostileText).map((texts) => replaced(template, texts, kept) as T);
}

/** The same with given texts. */
export function replaced(value: unknown, texts: Iterator<string>, kept: ReadonlySet<string>): unknown {
  if (typeof value === "string") return texts.next().value;
  if (value instanceof Date || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => replaced(item, texts, kept));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, kept.has(key) ? item : replaced(item, texts, kept)]),
  );
}
