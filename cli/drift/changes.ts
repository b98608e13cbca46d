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
  return steps
    .filter(({ op }) => !QUIET.has(op) && !PARTS.has(op))
    .flatMap(pending)
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
    what: "It was changed outside of Pulumi.",
  }));
}

function pending(step: PlannedStep): Difference[] {
  const common = { kind: "pending", what: WHAT_PENDING[step.op] ?? `\`pulumi up\` would ${step.op} it.` } as const;
  if (step.op !== "update") return [{ ...about(step), ...common, ...(step.op === "delete" && { live: step.id }) }];
  return (
    step.paths
      .filter((path) => !(isCleanup(step) && FOUND_BY_CLEANUP.test(path)))
      .map((path) => ({
        ...about(step, path),
        ...common,
        declared: sideOf(step.after, path),
        live: sideOf(step.before, path),
      }))
      // What is not known before the `up` follows from another difference: the id of a trunk that is made anew.
      .filter(({ declared }) => declared !== UNKNOWN)
  );
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
