import { own } from "@trunkline/contract";
import type { SIPDispatchRuleInfo, SIPInboundTrunkInfo } from "livekit-server-sdk";
import { z } from "zod";
import type { Mark } from "../dynamic/marks.ts";
import { type Plain, samePlain } from "../dynamic/plain.ts";
import { quoted } from "../text/foreign.ts";
import { routingRule } from "./clashes.ts";
import { dispatchRuleKind, inboundTrunkKind } from "./kinds.ts";
import { adoptedId, isOfStack, type Kind } from "./ownership.ts";
import { type Conflict, findConflicts, type RoomRule, type Rule, type Trunk, trunkOf } from "./routing/index.ts";
import type { DeclaredRule, DeclaredTrunk, SipRoutingInputs } from "./sip-routing-fields.ts";

/** A trunk or rule in the guard's inputs; `trunks` of a rule are names, too. */
interface Declared {
  name: string;
  adopt: string;
  trunks?: unknown;
}

const declaredBefore = z.record(z.string(), z.looseObject({ name: z.string(), adopt: z.string() }));

/** What is live. */
export interface LiveRouting {
  trunks: SIPInboundTrunkInfo[];
  rules: SIPDispatchRuleInfo[];
}

/** What will be live while and after the stack goes up: (live − own − to be removed) ∪ declared. */
export interface ProjectedRouting {
  trunks: Trunk[];
  rules: Rule[];
  /** For messages: what an object is, by its id. */
  labels: Map<string, string>;
  declaredIds: Set<string>;
  /** Pairs of ids that may be one object: a declared one, and a live one of that name with another stack's mark. */
  perhapsOne: Set<string>;
}

/** @param olds the inputs of the last time: what has another name in them, and is otherwise the same, was renamed */
export function projectRouting(inputs: SipRoutingInputs, live: LiveRouting, olds: Plain = {}): ProjectedRouting {
  const trunkIds = idsOf(inboundTrunkKind, live.trunks, inputs, inputs.trunks, olds.trunks);
  const ruleIds = idsOf(dispatchRuleKind, live.rules, inputs, inputs.rules, olds.rules);
  const declaredIds = new Set([...trunkIds.values(), ...ruleIds.values()]);
  const [trunks, rules] = [
    staying(inboundTrunkKind, live.trunks, inputs, declaredIds),
    staying(dispatchRuleKind, live.rules, inputs, declaredIds),
  ];
  const labels = new Map<string, string>([
    ...trunks.map((trunk) => liveLabel(inboundTrunkKind, trunk, inputs.owner)),
    ...rules.map((rule) => liveLabel(dispatchRuleKind, rule, inputs.owner)),
    ...declaredLabels(inboundTrunkKind, trunkIds),
    ...declaredLabels(dispatchRuleKind, ruleIds),
  ]);
  return {
    trunks: [
      ...trunks.map(trunkOf),
      ...Object.entries(inputs.trunks).map(([name, trunk]) => toTrunk(idFor(trunkIds, name), trunk)),
    ],
    rules: [
      ...rules.map(routingRule),
      ...Object.entries(inputs.rules).map(([name, rule]) =>
        toRule(idFor(ruleIds, name), rule, own(inputs.pins, name) ?? "", trunkIds),
      ),
    ],
    labels,
    declaredIds,
    perhapsOne: new Set([
      ...namesakes(inboundTrunkKind, live.trunks, trunkIds),
      ...namesakes(dispatchRuleKind, live.rules, ruleIds),
    ]),
  };
}

/**
 * The clashes that a declared object has part in, or that calls on a declared trunk run into. Without those that need a forged From, and
 * those of an object with one that may be itself, moved here from another stack: its own check knows its state, and judges these.
 */
export function conflictsOfOurs({ trunks, rules, declaredIds, perhapsOne }: ProjectedRouting): Conflict[] {
  const ofRule = new Map(rules.map((rule) => [rule.id, rule.trunkIds ?? []]));
  const reachesOurs = (id: string) => {
    const trunkIds = ofRule.get(id);
    return trunkIds !== undefined && (trunkIds.length === 0 || trunkIds.some((trunkId) => declaredIds.has(trunkId)));
  };
  const hasTrunks = trunks.some(({ id }) => declaredIds.has(id));
  const isOurs = (ids: Conflict["ids"]) =>
    ids.some((id) => declaredIds.has(id)) || (hasTrunks && ids.every(reachesOurs));
  const isItself = (ids: Conflict["ids"]) => perhapsOne.has([...ids].sort().join());
  // Asked before any limit: thousands of clashes among others' objects must not hide one of ours.
  const concerns = (ids: Conflict["ids"]) => isOurs(ids) && !isItself(ids);
  return findConflicts(trunks, rules, { concerns }).filter(({ spoofed }) => !spoofed);
}

/** The id of each declared object: its own where it is live, else a made-up one. */
function idsOf<Live>(
  kind: Kind<Live>,
  live: Live[],
  { owner }: SipRoutingInputs,
  declared: Record<string, Declared>,
  before: unknown,
): Map<string, string> {
  const own = new Map<string, string>();
  for (const object of live) {
    const mark = kind.markOf(object);
    if (mark !== undefined && isOfStack(mark, owner)) own.set(mark.name, kind.idOf(object));
  }
  const old = olderNames(declared, before);
  return new Map(
    Object.entries(declared).map(([name, { adopt }]) => [
      name,
      own.get(name) ?? own.get(old.get(name) ?? "") ?? (adoptedId(adopt) || `(new ${kind.label} ${name})`),
    ]),
  );
}

/**
 * The earlier names of what `pulumi state rename` or an alias has renamed: only the state knows, which a check does not see. Where
 * something was deleted and made again under another name, the new one makes room for itself.
 */
function olderNames(declared: Record<string, Declared>, before: unknown): Map<string, string> {
  const earlier = Object.entries(declaredBefore.safeParse(before).data ?? {}).filter(
    ([name]) => !Object.hasOwn(declared, name),
  );
  const shape = ({ name: _, trunks: __, ...rest }: Declared) => rest;
  const renamed = Object.entries(declared).flatMap(([name, now]) => {
    const found = earlier.find(([, then]) => samePlain(shape(then), shape(now)));
    return found === undefined ? [] : [[name, found[0]] as const];
  });
  return new Map(renamed);
}

function namesakes<Live>(kind: Kind<Live>, live: Live[], declared: Map<string, string>): string[] {
  return live.flatMap((object) => {
    const [id, own] = [kind.idOf(object), declared.get(kind.markOf(object)?.name ?? "")];
    return own === undefined || own === id ? [] : [[id, own].sort().join()];
  });
}

/** What stays live beside the declared objects: neither one of them, nor removed, nor retired. */
function staying<Live>(kind: Kind<Live>, live: Live[], inputs: SipRoutingInputs, declaredIds: Set<string>): Live[] {
  return live.filter((object) => {
    const id = kind.idOf(object);
    const mark = kind.markOf(object);
    if (declaredIds.has(id)) return false;
    if (mark === undefined) return !inputs.removes.includes(id);
    return !(isOfStack(mark, inputs.owner) && inputs.retires.includes(mark.name));
  });
}

function liveLabel<Live>(kind: Kind<Live>, object: Live, owner: Mark): [string, string] {
  const mark = kind.markOf(object);
  const whose =
    mark === undefined
      ? "made by hand"
      : isOfStack(mark, owner)
        ? `this stack's ${quoted(mark.name)}, no longer declared`
        : `declared by ${mark.project}/${mark.stack}`;
  return [kind.idOf(object), `${kind.label} ${kind.idOf(object)} ${quoted(kind.nameOf(object))} (${whose})`];
}

function declaredLabels<Live>(kind: Kind<Live>, ids: Map<string, string>): [string, string][] {
  return [...ids].map(([name, id]) => [id, `the declared ${kind.label} "${name}"`]);
}

function toTrunk(
  id: string,
  { name, calledNumbers, callerNumbers, allowedAddresses, authUsername }: DeclaredTrunk,
): Trunk {
  // Whether there is a password decides nothing about which trunk is chosen.
  return { id, name, calledNumbers, callerNumbers, allowedAddresses, authUsername };
}

function toRule(id: string, rule: DeclaredRule, pin: string, trunkIds: Map<string, string>): Rule {
  const written = (number: string) => (rule.numbersWrittenAs === "+49…" ? number : number.replace("+", ""));
  return {
    id,
    name: rule.name,
    trunkIds: rule.trunks.map((trunk) => trunkIds.get(trunk) ?? trunk),
    calledNumbers: rule.calledNumbers.map(written),
    callerNumbers: rule.callerNumbers.map(written),
    hidePhoneNumber: rule.hidePhoneNumber,
    room: toRoom(rule.target, pin),
  };
}

function toRoom(target: DeclaredRule["target"], pin: string): RoomRule {
  if (target.type === "direct") return { type: "direct", roomName: target.room, pin };
  const { type, roomPrefix, randomize } = target;
  return type === "callee" ? { type, roomPrefix, randomize, pin } : { type, roomPrefix, noRandomness: !randomize, pin };
}

function idFor(ids: Map<string, string>, name: string): string {
  return ids.get(name) ?? name;
}
