import type { dynamic } from "@pulumi/pulumi";
import { messageOf, TrunklineError } from "../dynamic/errors.ts";
import { markSchema, sameStack } from "../dynamic/marks.ts";
import type { Plain } from "../dynamic/plain.ts";
import type { Age } from "../dynamic/resource.ts";
import { containsUnknown } from "../dynamic/unknown.ts";
import { type Claim, chooseExisting, type Kind } from "./ownership.ts";

/** What is looked at in a preview. */
interface Sight<Live> {
  kind: Kind<Live>;
  list(age: Age): Promise<Live[]>;
  /** Why a live object and the declared one cannot stand side by side. */
  clash?(live: Live): string | undefined;
}

/**
 * What would refuse a new object, told in preview already; and what only the object's own check can tell apart from itself: a live object
 * of its name with another stack's mark. Nothing, where the project cannot be looked at, which is for the guard to say, and where the stack
 * has no identity: then a new object may be its own.
 */
export async function foreseen<Live>(
  { kind, list, clash }: Sight<Live>,
  inputs: Claim & { host: string },
  olds: Plain,
): Promise<dynamic.CheckFailure[]> {
  const { host, owner, name, adopt } = inputs;
  if (owner.stackId === undefined || containsUnknown([host, owner, name, adopt])) return [];
  const before = markSchema.safeParse(olds.owner).data;
  if (before !== undefined && clash === undefined) return [];
  const objects = await orNothing(() => list(before === undefined ? "fresh" : "shared"));
  try {
    if (before === undefined && chooseExisting(kind, objects, inputs) !== undefined) return [];
  } catch (cause) {
    return [{ property: "adopt", reason: messageOf(cause) }];
  }
  const own = before === undefined ? [owner] : [owner, before];
  return objects.flatMap((live) => {
    const mark = kind.markOf(live);
    if (mark?.name !== owner.name || own.some((each) => sameStack(mark, each))) return [];
    const why = clash?.(live);
    return why === undefined ? [] : [{ property: "name", reason: conflict(kind, live, why) }];
  });
}

function conflict<Live>(kind: Kind<Live>, live: Live, why: string): string {
  const { project, stack } = kind.markOf(live) ?? { project: "", stack: "" };
  const what = `${kind.label} ${kind.idOf(live)} "${kind.nameOf(live)}" (declared by ${project}/${stack})`;
  return `ROUTING_CONFLICT: it clashes with the ${what}: ${why}. Give each its own called numbers or callers.`;
}

async function orNothing<Live>(list: () => Promise<Live[]>): Promise<Live[]> {
  try {
    return await list();
  } catch (cause) {
    if (cause instanceof TrunklineError) return [];
    throw cause;
  }
}
