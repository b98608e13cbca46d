import { type Mark, markSchema } from "../../providers/dynamic/marks.ts";
import { shellWord } from "../../providers/text/foreign.ts";
import { PULUMI_EXIT } from "../../sandbox/pulumi/cli.ts";
import { CliError } from "../errors.ts";
import { connectionFrom, readLiveProject } from "../livekit/connection.ts";
import type { SipProject } from "../livekit/project.ts";
import { pendingDifferences, refreshDifferences } from "./changes.ts";
import type { Difference } from "./difference.ts";
import { jambonzDifferences } from "./jambonz.ts";
import { removedLabels } from "./legacy.ts";
import { objectOf, systemOf } from "./objects.ts";
import { nameOf, type Plan, type PlannedStep, parsePlan, typeOf } from "./plan.ts";
import { cannotRun, type Pulumi } from "./pulumi.ts";
import { conflict, conflictDifferences, unmanagedDifferences } from "./unmanaged.ts";

/** State against reality. Nothing is written; a provider gets its keys from the program, not from the state. */
const REFRESH = ["refresh", "--preview-only", "--expect-no-changes", "--diff", "--run-program", "--json"];
/** Program against reality: a refresh alone passes over what the program would not repair. */
const PREVIEW = ["preview", "--refresh", "--expect-no-changes", "--diff", "--run-program", "--json"];

const ROUTING_CONFLICT = /ROUTING_CONFLICT: (.*)/s;

/** Everything that was seen of a stack. */
export interface Look {
  differences: Difference[];
  /** The objects of the state, with what is declared (`before`) and live (`after`). */
  steps: PlannedStep[];
  /** The live trunks and rules; undefined for a stack that has nothing in LiveKit. */
  project: SipProject | undefined;
  /** How long LiveKit's three lists took; 0 without a project. */
  listsMs: number;
}

/**
 * Two runs of pulumi, one after the other (a backend may lock), then the lists of LiveKit and Jambonz.
 * @param allowed ids of objects that need no declaration
 * @throws CliError WRONG_STACK, CANNOT_LOOK, and those of `readLiveProject` and `jambonzDifferences`
 */
export async function lookAt(stack: string, pulumi: Pulumi, allowed: string[] = []): Promise<Look> {
  const refresh = await planned(stack, pulumi, REFRESH);
  const refused = refresh.plan.errors[0];
  if (refused) throw cannotLook(stack, refused, refresh.plan.steps);
  const preview = await planned(stack, pulumi, PREVIEW);
  const unseen = preview.plan.errors.find(({ message }) => !ROUTING_CONFLICT.test(message));
  if (unseen) throw cannotLook(stack, unseen, preview.plan.steps);

  const { steps } = refresh.plan;
  const changed = refreshDifferences(refresh.plan);
  const started = performance.now();
  const project = await liveProject(steps, pulumi.environment);
  const listsMs = Math.round(performance.now() - started);
  const live = project === undefined ? [] : liveDifferences(project, steps, changed, allowed, preview.plan);
  const pending = pendingDifferences(preview.plan, changed);
  const stray = await jambonzDifferences(steps, allowed, pulumi.environment);
  const found = [...changed, ...pending, ...live, ...stray];
  return { differences: found.length === 0 && refresh.hasDrift ? [unnamed()] : found, steps, project, listsMs };
}

/** @throws CliError WRONG_STACK, CANNOT_LOOK */
async function planned(stack: string, pulumi: Pulumi, args: string[]): Promise<{ plan: Plan; hasDrift: boolean }> {
  const run = await pulumi.run(...args);
  const plan = parsePlan(run.stdout);
  const isLook = run.code === PULUMI_EXIT.ok || run.code === PULUMI_EXIT.changesFound;
  if (plan === undefined || (!isLook && plan.errors.length === 0)) throw cannotRun(stack, run);
  return { plan, hasDrift: run.code === PULUMI_EXIT.changesFound };
}

function liveDifferences(
  project: SipProject,
  steps: PlannedStep[],
  changed: Difference[],
  allowed: string[],
  preview: Plan,
): Difference[] {
  const ids = new Set([...steps.map(({ id }) => id), ...changed.map(({ id }) => id), ...allowed]);
  const known = { ids, owner: ownerIn(steps), removed: removedLabels(steps) };
  const conflicts = conflictDifferences(project, ids);
  return [
    ...unmanagedDifferences(project, known),
    // Between what is live and what is declared but not (or no longer) there only the program's guard sees them.
    ...(conflicts.length > 0 ? conflicts : refusals(preview)),
  ];
}

function refusals({ errors }: Plan): Difference[] {
  return errors.map(({ message }) => conflict("", ROUTING_CONFLICT.exec(message)?.[1]?.trim() ?? message));
}

/** The project that the stack's SIP objects are bound to. */
async function liveProject(steps: PlannedStep[], environment: NodeJS.ProcessEnv): Promise<SipProject | undefined> {
  const host = steps.find(({ type }) => systemOf(type) === "LiveKit")?.before.inputs.host;
  if (typeof host !== "string") return undefined;
  return readLiveProject(connectionFrom({ ...environment, LIVEKIT_URL: host }));
}

/** The guard's mark is no live object's: nobody outside of Pulumi changes it. Its inputs forget the identity in a replacement. */
function ownerIn(steps: PlannedStep[]): Mark | undefined {
  const guards = steps.filter(({ type }) => type.endsWith(":SipRouting"));
  const marks = [...guards, ...steps].map(
    ({ before }) => markSchema.safeParse(before.outputs.owner ?? before.inputs.owner).data,
  );
  return marks.find((mark) => mark !== undefined);
}

/** pulumi says that there are changes, and names none that we know how to read. */
function unnamed(): Difference {
  const what = "pulumi expects changes. See: pulumi refresh --preview-only --diff";
  return {
    kind: "changed",
    system: "other",
    object: "",
    id: "",
    field: "",
    declared: undefined,
    live: undefined,
    what,
  };
}

/** One object that cannot be read hides the others: name it, and the way out. */
function cannotLook(stack: string, { urn, message }: Plan["errors"][number], steps: PlannedStep[]): CliError {
  if (urn === "") return new CliError("CANNOT_LOOK", message, "Nothing was changed.");
  const hint =
    systemOf(typeOf(urn)) === "Heroku"
      ? `If it was deleted there: pulumi state delete ${shellWord(appOf(urn, steps))} --target-dependents --yes --stack ${stack}, then pulumi up: that makes it and what depends on it anew. Nothing was changed.`
      : "Nothing was changed. Mend what the message names, then look again.";
  return new CliError("CANNOT_LOOK", `cannot look: ${objectOf(urn)}: ${message}`, hint);
}

/** What belongs to a Heroku app cannot be read when the app is gone, and is gone with it. It has the app's name, or one that begins so. */
function appOf(urn: string, steps: PlannedStep[]): string {
  const gone = steps.filter(({ op, type }) => op === "delete" && type === "heroku:index/app:App");
  return gone.find(({ name }) => nameOf(urn) === name || nameOf(urn).startsWith(`${name}-`))?.urn ?? urn;
}
