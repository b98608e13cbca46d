import type { SIPDispatchRuleInfo, SIPInboundTrunkInfo } from "livekit-server-sdk";
import { readRuleMark } from "../../providers/dynamic/marks.ts";
import type { SipProject } from "../livekit/project.ts";
import type { Copies, RuleCopy, TrunkCopy } from "./copies.ts";

/** A removed object, and the live one that is its like: undefined when it has to be created. */
export interface Restored<Copy> {
  copy: Copy;
  /** Ids it had: several when it was removed, restored and removed again. */
  oldIds: string[];
  liveId: string | undefined;
}

/** What a restore would do. New ids are known only when it is done. */
export interface RestorePlan {
  trunks: Restored<TrunkCopy>[];
  rules: Restored<RuleCopy>[];
  /** Live rules that still point to a removed trunk. */
  pointing: SIPDispatchRuleInfo[];
  /** The same, but marked by a stack: reported, never changed. */
  foreign: SIPDispatchRuleInfo[];
}

/** Ids of trunks as they were → as they are. */
export type NewIds = ReadonlyMap<string, string>;

export function planRestore(copies: Copies, live: SipProject): RestorePlan {
  const trunks = pair(copies.trunks, live.inboundTrunks, (trunk) => trunk.sipTrunkId, likeTrunk);
  const known = currentIds(trunks);
  const rules = pair(
    copies.rules,
    live.dispatchRules,
    (rule) => rule.sipDispatchRuleId,
    (rule) => likeRule(rule, known),
  );
  const there = new Set(live.inboundTrunks.map(({ sipTrunkId }) => sipTrunkId));
  const removed = new Set(copies.trunks.map(({ id }) => id).filter((id) => !there.has(id)));
  const pointing = live.dispatchRules.filter(({ trunkIds }) => trunkIds.some((id) => removed.has(id)));
  return {
    trunks,
    rules,
    pointing: pointing.filter(({ name }) => readRuleMark(name) === undefined),
    foreign: pointing.filter(({ name }) => readRuleMark(name) !== undefined),
  };
}

/** Ids of removed trunks → their ids now; of those that are not there yet, one of the old ones. */
export function currentIds(trunks: Restored<TrunkCopy>[]): NewIds {
  return new Map(trunks.flatMap(({ copy, oldIds, liveId }) => oldIds.map((id) => [id, liveId ?? copy.id])));
}

/** The rule as it has to be now: it names the restored trunks by their new ids. */
export function withNewIds(rule: SIPDispatchRuleInfo, ids: NewIds): SIPDispatchRuleInfo {
  const changed = rule.clone();
  changed.trunkIds = rule.trunkIds.map((id) => ids.get(id) ?? id);
  return changed;
}

/** Whether nothing is left to do: a second restore of the same file. */
export function isDone({ trunks, rules, pointing }: RestorePlan): boolean {
  return [...trunks, ...rules].every(({ liveId }) => liveId !== undefined) && pointing.length === 0;
}

/** Each live object is the like of one copy at most; copies that are alike are one object (LiveKit refuses a second one). */
function pair<Live, Copy extends { id: string; object: Live }>(
  copies: Copy[],
  live: Live[],
  idOf: (live: Live) => string,
  like: (object: Live) => string,
): Restored<Copy>[] {
  const free = new Map(live.map((object) => [idOf(object), like(object)]));
  const found = new Map<string, Restored<Copy>>();
  for (const copy of copies) {
    const wanted = like(copy.object);
    const twin = found.get(wanted);
    if (twin !== undefined) {
      twin.oldIds.push(copy.id);
      continue;
    }
    const liveId = free.has(copy.id) ? copy.id : [...free].find(([, text]) => text === wanted)?.[0];
    if (liveId !== undefined) free.delete(liveId);
    found.set(wanted, { copy, oldIds: [copy.id], liveId });
  }
  return [...found.values()];
}

/** What makes a trunk this trunk: everything but its id, when it was made, and the password, which not every server shows. */
function likeTrunk(trunk: SIPInboundTrunkInfo): string {
  const { sipTrunkId: _, createdAt: __, updatedAt: ___, authPassword: ____, ...rest } = plain(trunk);
  return sorted(rest);
}

function likeRule(rule: SIPDispatchRuleInfo, ids: NewIds): string {
  const { sipDispatchRuleId: _, createdAt: __, updatedAt: ___, ...rest } = plain(withNewIds(rule, ids));
  return sorted(rest);
}

/** LiveKit adds empty parts (`media: {}`) when it stores an object: they say nothing. */
function plain(message: { toJson(): unknown }): Record<string, unknown> {
  const fields = Object.entries(message.toJson() as Record<string, unknown>);
  return Object.fromEntries(fields.filter(([, value]) => JSON.stringify(value) !== "{}"));
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
