import { setTimeout as sleep } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";
import { own } from "@trunkline/contract";
import { z } from "zod";
import { atMost } from "../dynamic/deadline.ts";
import { DeclaredResource } from "../dynamic/declared.ts";
import { partlyDone, TrunklineError } from "../dynamic/errors.ts";
import { markSchema, markText } from "../dynamic/marks.ts";
import { ownMark } from "../dynamic/own-mark.ts";
import type { Plain } from "../dynamic/plain.ts";
import { type Handler, type InputsOf, pick } from "../dynamic/resource.ts";
import { stub } from "../dynamic/stub.ts";
import { type LiveKitClient, livekitClient } from "./client.ts";
import { livekitHost, movedFrom, ruleId, trunkId } from "./fields.ts";
import { removeLeft } from "./left-objects.ts";
import { type Copy, keepCopies } from "./legacy-copies.ts";
import { type LegacyObject, listedObjects, unlistedObjects } from "./legacy-objects.ts";
import { hostProblems } from "./problems.ts";

/** How often running calls are counted while they are waited for. */
const DRAIN_POLL_MS = 1_000;
const LONGEST_DRAIN_SECONDS = 3_600;

/** Which objects of an earlier, hand-made set-up are removed. Ids only, so that nothing is removed which nobody has looked at. */
export interface LegacySipCleanupArgs {
  /** The LiveKit project, `wss://…`. */
  host: pulumi.Input<string>;
  /** The host that the stack was bound to before: without it a change of `host` is refused (HOST_CHANGED). */
  movedFrom?: pulumi.Input<string>;
  /** The guard's `stackId`: by it the stack's own objects are known in a project that it leaves. */
  stackId?: pulumi.Input<string>;
  /** `ST_…` */
  inboundTrunkIds?: pulumi.Input<string[]>;
  /** `SDR_…` */
  dispatchRuleIds?: pulumi.Input<string[]>;
  /** Names, with `*` for anything, of objects that are only reported: as drift, when one without a mark is there that is not listed. Nothing is removed by name. */
  namePatterns?: pulumi.Input<string[]>;
  /** Calls that run over these trunks are waited for so long; new ones do not come in meanwhile. 0 to 3600 s, default 0. Then the trunks go all the same. */
  drainSeconds?: pulumi.Input<number>;
}

const fields = {
  host: livekitHost,
  movedFrom,
  owner: markSchema,
  inboundTrunkIds: z.array(trunkId).default([]),
  dispatchRuleIds: z.array(ruleId).default([]),
  namePatterns: z.array(z.string().min(1, "is empty")).default([]),
  drainSeconds: z.number().int().min(0).max(LONGEST_DRAIN_SECONDS).default(0),
  /** Made by `describe`: what each listed id is or was, so that a preview shows what would be removed. */
  objects: z.record(z.string(), z.string()).default({}),
  /** Found by `read`: what the patterns fit. Never declared, so that it shows as drift. */
  unlisted: z.record(z.string(), z.string()).default({}),
} as const;

type Inputs = InputsOf<typeof fields>;

/** `removedIds` in the order of removal; ids that were gone already are not among them. `left`: what stays in a project that the stack has left. */
type State = Inputs & { removedIds: string[]; copies: Copy[]; left?: string[] };

const provider = stub("livekit:LegacySipCleanup");

/**
 * Removes inbound trunks and dispatch rules (DeleteSIPTrunk, DeleteSIPDispatchRule). A full copy of each is kept as a secret output
 * and in a file of the work folder, which `trunkline restore` reads. Gone already is fine. Nothing comes back on destroy, nor when an id leaves the list.
 * Errors: OWNED_BY_ANOTHER (an object with a mark is never legacy; then nothing is removed), COPY_NOT_WRITTEN, PARTLY_DONE, and the API's.
 *
 * @example
 * ```ts
 * import { LegacySipCleanup } from "@trunkline/providers";
 *
 * const cleanup = new LegacySipCleanup("by-hand", {
 *   host: "wss://example.livekit.cloud",
 *   inboundTrunkIds: ["ST_abcdefghijkl"],
 *   dispatchRuleIds: ["SDR_abcdefghijkl"],
 *   drainSeconds: 60,
 * });
 * export const removed = cleanup.removedIds;
 * ```
 */
export class LegacySipCleanup extends DeclaredResource {
  declare readonly removedIds: pulumi.Output<string[]>;
  declare readonly copies: pulumi.Output<Copy[]>;

  constructor(
    resourceName: string,
    { stackId, ...args }: LegacySipCleanupArgs,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const owner = ownMark(resourceName, stackId);
    const inputs = { removedIds: undefined, copies: undefined, ...args, owner };
    const secrets = ["copies"];
    super(resourceName, { provider, inputs, options, secrets, module: "livekit", type: "LegacySipCleanup" });
  }
}

/** How it is done. Called by the dispatcher. */
export const legacySipCleanup: Handler<Inputs, State> = {
  fields,
  replaceOn: [],
  /** Not the host: what was removed from one project stays known when the stack moves to another. */
  identity: ({ owner }) => markText(owner),
  validate: hostProblems,
  complete: async (inputs, olds) => ({ ...inputs, objects: await describeAll(inputs, olds), unlisted: {} }),

  async create(inputs, before) {
    const id = markText(inputs.owner);
    const { removedIds = [], copies = [] } = before?.state ?? {};
    return { id, outs: await removeEverything(id, inputs, { ...inputs, removedIds, copies }) };
  },

  update: (id, state, inputs) => removeEverything(id, inputs, { ...state, ...inputs }),

  /** An id that lives (again) is not removed: as an input it is missing, so that `up` removes it. */
  async read(_id, state) {
    const client = livekitClient(state.host);
    const live = new Set((await listedObjects(client, state, "shared")).map(({ id }) => id));
    const inputs: Inputs = {
      ...pick<Inputs>(state, fields),
      inboundTrunkIds: state.inboundTrunkIds.filter((id) => !live.has(id)),
      dispatchRuleIds: state.dispatchRuleIds.filter((id) => !live.has(id)),
      unlisted: labels(await unlistedObjects(client, { ...state, namePatterns: state.namePatterns ?? [] }, "shared")),
    };
    return { props: { ...state, ...inputs }, inputs };
  },

  /** What was removed stays removed. Only the state forgets it, and the copies: not when this is another environment. */
  async delete(_id, { host }) {
    await livekitClient(host).dispatchRules("shared");
  },
};

/** What each listed id is; where it is gone, what it was the last time. */
async function describeAll(inputs: Inputs, olds: Plain): Promise<Record<string, string>> {
  const before = z.record(z.string(), z.string()).catch({}).parse(olds.objects);
  const live = labels(await orNothing(() => listedObjects(livekitClient(inputs.host), inputs, "shared")));
  const ids = [...inputs.dispatchRuleIds, ...inputs.inboundTrunkIds];
  return Object.fromEntries(ids.map((id) => [id, own(live, id) ?? own(before, id) ?? "not there"]));
}

/** Not being able to look is told by the guard, or by the removal itself. */
async function orNothing(list: () => Promise<LegacyObject[]>): Promise<LegacyObject[]> {
  try {
    return await list();
  } catch (cause) {
    if (cause instanceof TrunklineError && /^API_/.test(cause.code)) return [];
    throw cause;
  }
}

function labels(objects: LegacyObject[]): Record<string, string> {
  return Object.fromEntries(objects.map(({ id, label }) => [id, label]));
}

/** This is the last resource of a stack: everything works by now in the project that the stack has moved to, so the old one can be cleared. */
async function removeEverything(id: string, inputs: Inputs, before: State): Promise<State> {
  const state = await removeAll(id, inputs, before);
  try {
    return { ...state, left: await removeLeft(inputs.host, inputs.owner) };
  } catch (cause) {
    throw partlyDone(id, { ...state }, cause);
  }
}

/** Removes what of the inputs' objects is live, and adds it to the state. Copies of all are kept before the first is touched. */
async function removeAll(id: string, inputs: Inputs, state: State): Promise<State> {
  const client = livekitClient(inputs.host);
  const objects = await listedObjects(client, inputs, "fresh");
  if (objects.length > 0) keepCopies(inputs.owner, objects.map(toCopy));
  await drain(client, objects, inputs.drainSeconds);
  const done: Copy[] = [];
  const result = () => ({
    ...state,
    removedIds: [...state.removedIds, ...done.map((copy) => copy.id)],
    copies: [...state.copies, ...done],
  });
  for (const object of objects) {
    try {
      await object.remove();
    } catch (cause) {
      if (done.length === 0) throw cause;
      throw partlyDone(id, { ...result() }, cause);
    }
    done.push(toCopy(object));
  }
  return result();
}

/** Lets running calls end: their trunks are put aside, so that no new ones come. */
async function drain(client: LiveKitClient, objects: LegacyObject[], seconds: number): Promise<void> {
  const trunks = objects.filter(({ kind }) => kind === "inboundTrunk");
  if (seconds === 0 || trunks.length === 0) return;
  const ids = trunks.map(({ id }) => id);
  const deadline = performance.now() + atMost(seconds * 1_000);
  if ((await client.runningCalls(ids)) === 0) return;
  for (const trunk of trunks) await trunk.park();
  while (performance.now() < deadline && (await client.runningCalls(ids)) > 0) await sleep(DRAIN_POLL_MS);
}

function toCopy({ id, kind, object }: LegacyObject): Copy {
  return { id, kind, object };
}
