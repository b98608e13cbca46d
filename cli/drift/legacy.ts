import { own } from "@trunkline/contract";
import { quoted } from "../../providers/text/foreign.ts";
import type { Difference } from "./difference.ts";
import type { PlannedStep } from "./plan.ts";

const LISTS = ["inboundTrunkIds", "dispatchRuleIds"] as const;

export function isCleanup({ type }: Pick<PlannedStep, "type">): boolean {
  return type.endsWith("/livekit:LegacySipCleanup");
}

/** The removal of legacy objects, refreshed: ids that live again are missing in its inputs; what its name patterns fit is `unlisted`. */
export function legacyDifferences({ before, after }: PlannedStep): Difference[] {
  const labels = textsOf(before.inputs.objects);
  const back = LISTS.flatMap((list) => missingIn(idsOf(after.inputs[list]), idsOf(before.inputs[list])));
  const known = textsOf(before.inputs.unlisted);
  const found = Object.entries(textsOf(after.inputs.unlisted)).filter(([id]) => !Object.hasOwn(known, id));
  return [
    ...back.map((id) =>
      legacy(id, own(labels, id) ?? "object", "It was removed, and is there again under the same id."),
    ),
    ...found.map(([id, label]) => legacy(id, label, UNLISTED)),
  ];
}

const UNLISTED =
  "Its name fits legacy.namePatterns. Nothing is removed by name: list its id (npx --no-install trunkline doctor --write), then heal.";

/** The labels of what a stack removes or has removed: how an object is told that was made again by hand, with a new id. */
export function removedLabels(steps: PlannedStep[]): string[] {
  return steps.filter(isCleanup).flatMap(({ before }) => Object.values(textsOf(before.inputs.objects)));
}

/** Whether an object has kind and name of a removed one. */
export function isRevived(kindLabel: string, name: string, removed: string[]): boolean {
  return name !== "" && removed.some((label) => label.startsWith(`${kindLabel} ${quoted(name)} `));
}

export function legacy(id: string, object: string, what: string): Difference {
  return { kind: "legacy", system: "LiveKit", object, id, field: "", declared: undefined, live: id, what };
}

function missingIn(ids: string[], all: string[]): string[] {
  return all.filter((id) => !ids.includes(id));
}

function idsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function textsOf(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]));
}
