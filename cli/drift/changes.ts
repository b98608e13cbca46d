import { isDeepStrictEqual } from "node:util";
import { own } from "@trunkline/contract";
import { UNKNOWN } from "../../providers/dynamic/unknown.ts";
import type { Difference } from "./difference.ts";
import { isCleanup, legacyDifferences } from "./legacy.ts";
import { objectOf, systemOf } from "./objects.ts";
import type { Plan, PlannedStep } from "./plan.ts";
import { valueAt } from "./property-path.ts";

/** Looked at, and as it was. */
const QUIET: ReadonlySet<string> = new Set(["same", "refresh", "read"]);
/** Parts of a `replace`, which is a step of its own. */
const PARTS: ReadonlySet<string> = new Set(["create-replacement", "delete-replaced"]);

/** State against reality: what a refresh would write into the state was changed by somebody else. */
export function refreshDifferences({ steps }: Plan): Difference[] {
  return steps
    .filter(({ op }) => !QUIET.has(op))
    .flatMap((step) => (isCleanup(step) ? legacyDifferences(step) : refreshed(step)));
}

/**
 * Program against reality, but for what the refresh has told: what is declared and not deployed.
 * @param told the differences between state and reality
 */
export function pendingDifferences({ steps }: Plan, told: Difference[]): Difference[] {
  const known = new Set(told.map(({ object, field }) => `${object} ${field}`));
  const back = new Set<unknown>(told.filter(({ kind }) => kind === "legacy").map(({ id }) => id));
  const states = new Map(steps.filter(({ op }) => op === "refresh").map(({ urn, before }) => [urn, before]));
  return steps
    .filter(({ op }) => !QUIET.has(op) && !PARTS.has(op))
    .flatMap((step) => pending(step, states.get(step.urn)))
    .filter(({ object, field }) => !known.has(`${object} ${field}`) && !known.has(`${object} `))
    .filter(({ declared }) => !back.has(declared));
}

function refreshed(step: PlannedStep): Difference[] {
  if (step.op === "delete")
    return [{ ...about(step), kind: "missing", declared: step.id, what: "It was deleted outside of Pulumi." }];
  return step.paths.map((path) => ({
    ...about(step, path),
    kind: "changed",
    declared: sideOf(step.before, path),
    live: sideOf(step.after, path),
    what: CHANGED,
  }));
}

/** @param state the object in the state, before this run looked at it. */
function pending(step: PlannedStep, state: PlannedStep["before"] | undefined): Difference[] {
  const common = { kind: "pending", what: own(WHAT_PENDING, step.op) ?? `\`pulumi up\` would ${step.op} it.` } as const;
  if (step.op !== "update") return [{ ...about(step), ...common, ...(step.op === "delete" && { live: step.id }) }];
  return (
    step.paths
      .filter((path) => !(isCleanup(step) && FOUND_BY_CLEANUP.test(path)))
      .flatMap((path) => {
        const [declared, live] = [sideOf(step.after, path), sideOf(step.before, path)];
        const kind = state === undefined ? common : kindOf(sideOf(state, path), declared);
        return entries(path, declared, live).map((entry) => ({ ...about(step, entry.field), ...kind, ...entry }));
      })
      // What is not known before the `up` follows from another difference: the id of a trunk that is made anew.
      .filter(({ declared }) => declared !== UNKNOWN)
  );
}

/**
 * Bridged providers (Heroku) tell a refresh no changes: what the state and the program agree on, and what is live otherwise, was
 * changed by somebody else. Secrets are hidden on all sides.
 */
function kindOf(stored: unknown, declared: unknown): Pick<Difference, "kind" | "what"> {
  if (!isDeepStrictEqual(stored, declared)) return { kind: "pending", what: WHAT_PENDING.update ?? "" };
  const isSecret = declared === "[secret]";
  return { kind: "changed", what: isSecret ? "It was changed outside of Pulumi, or its declaration was." : CHANGED };
}

const CHANGED = "It was changed outside of Pulumi.";

/** Of two maps only the entries that differ, each as a field of its own: `vars.CALL_FLOW`. */
function entries(field: string, declared: unknown, live: unknown): Pick<Difference, "field" | "declared" | "live">[] {
  if (!isMap(declared) || !isMap(live)) return [{ field, declared, live }];
  const keys = [...new Set([...Object.keys(declared), ...Object.keys(live)])];
  return keys
    .filter((key) => !isDeepStrictEqual(own(declared, key), own(live, key)))
    .map((key) => ({ field: `${field}.${key}`, declared: own(declared, key), live: own(live, key) }));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Inputs that the cleanup fills in itself: what patterns fit, and labels. */
const FOUND_BY_CLEANUP = /^(unlisted|objects)\b/;

const WHAT_PENDING: Record<string, string> = {
  create: "It is declared, and was not made yet.",
  update: "The declaration was changed, and is not deployed.",
  delete: "It is not declared any more, and is still there.",
  replace: "The declaration was changed so that it has to be made anew.",
};

function about(step: PlannedStep, field = ""): Omit<Difference, "kind" | "what"> {
  const { urn, type, id } = step;
  return { system: systemOf(type), object: objectOf(urn), id, field, declared: undefined, live: undefined };
}

/** Of providers that tell no inputs the outputs have it. */
function sideOf({ inputs, outputs }: PlannedStep["before"], path: string): unknown {
  return valueAt(inputs, path) ?? valueAt(outputs, path);
}
