import type { SIPDispatchRuleInfo, SIPInboundTrunkInfo } from "livekit-server-sdk";
import { TrunklineError } from "../dynamic/errors.ts";
import { markText } from "../dynamic/marks.ts";
import type { Plain } from "../dynamic/plain.ts";
import type { Age } from "../dynamic/resource.ts";
import { quoted, shown } from "../text/foreign.ts";
import type { LiveKitClient } from "./client.ts";
import { dispatchRuleKind, inboundTrunkKind } from "./kinds.ts";
import type { Copy } from "./legacy-copies.ts";
import type { Kind } from "./ownership.ts";
import { park, unpark } from "./parking.ts";

/** A live object that might be legacy. */
export interface LegacyObject extends Copy {
  name: string;
  /** `inbound trunk "carrier" for +4930…`: for people. */
  label: string;
  /** Puts it aside: it takes no new calls. */
  park(): Promise<void>;
  remove(): Promise<void>;
}

interface Selection {
  inboundTrunkIds: string[];
  dispatchRuleIds: string[];
}

/** The listed objects that are live, as they were before they were put aside. Rules come first: a rule that outlived its trunk could answer calls that match no trunk. */
export async function listedObjects(client: LiveKitClient, listed: Selection, age: Age): Promise<LegacyObject[]> {
  const { trunks, rules } = await liveObjects(client, age);
  const legacyRules = rules.filter((rule) => listed.dispatchRuleIds.includes(rule.sipDispatchRuleId));
  const legacyTrunks = trunks.filter((trunk) => listed.inboundTrunkIds.includes(trunk.sipTrunkId));
  for (const rule of legacyRules) requireUnmarked(dispatchRuleKind, rule);
  for (const trunk of legacyTrunks) requireUnmarked(inboundTrunkKind, trunk);
  return [
    ...legacyRules.map((rule) => ruleObject(client, rule)),
    ...legacyTrunks.map((trunk) => trunkObject(client, trunk)),
  ];
}

/** Objects without a mark that are not listed, and whose name one of the patterns fits (`*` stands for anything). */
export async function unlistedObjects(
  client: LiveKitClient,
  listed: Selection & { namePatterns: string[] },
  age: Age,
): Promise<LegacyObject[]> {
  if (listed.namePatterns.length === 0) return [];
  const { trunks, rules } = await liveObjects(client, age);
  const ids = new Set([...listed.inboundTrunkIds, ...listed.dispatchRuleIds]);
  const objects = [
    ...rules.filter((rule) => dispatchRuleKind.markOf(rule) === undefined).map((rule) => ruleObject(client, rule)),
    ...trunks
      .filter((trunk) => inboundTrunkKind.markOf(trunk) === undefined)
      .map((trunk) => trunkObject(client, trunk)),
  ];
  const patterns = listed.namePatterns.map(toExpression);
  return objects.filter(({ id, name }) => !ids.has(id) && patterns.some((pattern) => pattern.test(name)));
}

async function liveObjects(client: LiveKitClient, age: Age) {
  const [rules, trunks] = await Promise.all([client.dispatchRules(age), client.inboundTrunks(age)]);
  return { trunks, rules };
}

function trunkObject(client: LiveKitClient, live: SIPInboundTrunkInfo): LegacyObject {
  const { sipTrunkId: id } = live;
  const trunk = unpark(live);
  return {
    id,
    kind: "inboundTrunk",
    name: trunk.name,
    label: `inbound trunk ${quoted(trunk.name)} for ${numbersText(trunk.numbers)}`,
    object: trunk.toJson() as Plain,
    park: async () => void (await client.replaceInboundTrunk(id, park(live, id))),
    remove: () => client.deleteTrunk(id),
  };
}

function ruleObject(client: LiveKitClient, live: SIPDispatchRuleInfo): LegacyObject {
  const { sipDispatchRuleId: id } = live;
  const rule = unpark(live);
  const trunks = rule.trunkIds.length === 0 ? "every trunk" : shown(rule.trunkIds.join(", "));
  return {
    id,
    kind: "dispatchRule",
    name: rule.name,
    label: `dispatch rule ${quoted(rule.name)} for ${numbersText(rule.numbers)} on ${trunks}`,
    object: rule.toJson() as Plain,
    park: async () => void (await client.replaceDispatchRule(id, park(live, id))),
    remove: () => client.deleteDispatchRule(id),
  };
}

function numbersText(numbers: string[]): string {
  return numbers.length === 0 ? "every number" : shown(numbers.join(", "));
}

function toExpression(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "is");
}

function requireUnmarked<Live>(kind: Kind<Live>, live: Live): void {
  const mark = kind.markOf(live);
  if (mark === undefined) return;
  throw new TrunklineError(
    "OWNED_BY_ANOTHER",
    `${kind.idOf(live)} was declared by ${markText(mark)}, so it is not legacy. Nothing was removed. Take the id out of the stack's list.`,
  );
}
