import * as pulumi from "@pulumi/pulumi";
import { DeclaredResource } from "../dynamic/declared.ts";
import { messageOf, TrunklineError } from "../dynamic/errors.ts";
import { identityInState } from "../dynamic/known-identity.ts";
import { type Mark, markSchema, markText, stackIdOf } from "../dynamic/marks.ts";
import { ownMark } from "../dynamic/own-mark.ts";
import { type Handler, pick } from "../dynamic/resource.ts";
import { newStackId } from "../dynamic/stack-id.ts";
import { stub } from "../dynamic/stub.ts";
import { exampleText } from "./clashes.ts";
import { livekitClient } from "./client.ts";
import { requireSameHost } from "./environment.ts";
import { hostProblems } from "./problems.ts";
import { conflictsOfOurs, type LiveRouting, type ProjectedRouting, projectRouting } from "./projected-routing.ts";
import type { Conflict } from "./routing/index.ts";
import type { SipDispatchRuleArgs } from "./sip-dispatch-rule.ts";
import type { SipInboundTrunkArgs } from "./sip-inbound-trunk.ts";
import { routingFields, type SipRoutingInputs } from "./sip-routing-fields.ts";

/** More would fill the screen and say no more. */
const MOST_CONFLICTS_TOLD = 10;

type TrunkPart = Pick<
  SipInboundTrunkArgs,
  "name" | "calledNumbers" | "callerNumbers" | "allowedAddresses" | "authUsername" | "adopt"
>;
type RulePart = Pick<
  SipDispatchRuleArgs,
  | "name"
  | "target"
  | "everyTrunk"
  | "calledNumbers"
  | "callerNumbers"
  | "numbersWrittenAs"
  | "pin"
  | "hidePhoneNumber"
  | "adopt"
>;

/** All inbound trunks and dispatch rules that a stack declares, by their resource names, and what it removes. */
export interface SipRoutingArgs {
  /** The LiveKit project, `wss://…`. */
  host: pulumi.Input<string>;
  /** The host that the stack was bound to before: without it a change of `host` is refused (HOST_CHANGED). */
  movedFrom?: pulumi.Input<string>;
  /** The trunks' arguments by resource name; only what decides which calls they take is used. */
  trunks?: Record<string, TrunkPart>;
  /** The rules' arguments by resource name, with `trunks`: resource names of declared trunks, or ids of others. */
  rules?: Record<string, RulePart & { trunks?: string[] }>;
  /** Ids that the stack's LegacySipCleanup removes. */
  removes?: pulumi.Input<string[]>;
  /** Resource names that have left the program and are deleted by this `up`: they may be put aside for what takes their place. */
  retires?: pulumi.Input<string[]>;
  /** `declared` compares what is declared with itself only: for a preview without access to the project. Default `live`. */
  lookAt?: pulumi.Input<"live" | "declared">;
}

const provider = stub("livekit:SipRouting");
const TYPE = "pulumi-nodejs:dynamic/livekit:SipRouting";

/**
 * The guard: refuses, in preview, a stack after which LiveKit would answer calls with 503 because two trunks or two rules take them.
 * It judges (live − own − to be removed) ∪ declared, and tells an example call for each clash. Makes nothing; every trunk and rule depends on it.
 * It also makes the identity of the stack, before anything carries a mark, and keeps it in the state through renames, moves and changes of host.
 * Requests: ListSIPInboundTrunk, ListSIPDispatchRule. Errors: ROUTING_CONFLICT, CANNOT_CHECK_ROUTING, ENVIRONMENT_MISMATCH, MISSING_CREDENTIALS.
 *
 * @example
 * ```ts
 * import { SipInboundTrunk, type SipInboundTrunkArgs, SipRouting } from "@trunkline/providers";
 *
 * const host = "wss://example.livekit.cloud";
 * const office: SipInboundTrunkArgs = { host, name: "Office", calledNumbers: ["+4989654321"] };
 *
 * const guard = new SipRouting("routing", { host, trunks: { office } });
 * new SipInboundTrunk("office", { ...office, stackId: guard.stackId }, { dependsOn: guard });
 * ```
 */
export class SipRouting extends DeclaredResource {
  /** The guard's own mark: in the state since its first version, so that also a state of that version has an identity. */
  declare private readonly owner: pulumi.Output<Mark>;
  /** Random, made once per stack; of stacks of an earlier version their names. The first preview shows one that the `up` does not use. */
  readonly stackId: pulumi.Output<string>;

  constructor(resourceName: string, args: SipRoutingArgs, options: pulumi.CustomResourceOptions = {}) {
    const owner = ownMark(resourceName, identityInState(TYPE));
    const { trunks = {}, rules = {}, ...rest } = args;
    const inputs = {
      ...rest,
      owner,
      trunks: mapValues(trunks, trunkPart),
      rules: mapValues(rules, rulePart),
      pins: pinsOf(rules),
    };
    super(resourceName, { provider, inputs, options, secrets: ["pins"], module: "livekit", type: "SipRouting" });
    this.stackId = this.owner.apply(stackIdOf);
  }
}

function trunkPart({ name, calledNumbers, callerNumbers, allowedAddresses, authUsername, adopt }: TrunkPart): object {
  return { name, calledNumbers, callerNumbers, allowedAddresses, authUsername, adopt };
}

function rulePart(rule: RulePart & { trunks?: string[] }): object {
  const { name, target, trunks, everyTrunk, calledNumbers, callerNumbers, numbersWrittenAs, hidePhoneNumber, adopt } =
    rule;
  return { name, target, trunks, everyTrunk, calledNumbers, callerNumbers, numbersWrittenAs, hidePhoneNumber, adopt };
}

function pinsOf(rules: Record<string, RulePart>): pulumi.Output<Record<string, string>> {
  const pins = Object.entries(rules).flatMap(([name, { pin }]) => (pin === undefined ? [] : [[name, pin] as const]));
  return pulumi.secret(Object.fromEntries(pins));
}

function mapValues<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

/** How it is done. Called by the dispatcher. */
export const sipRouting: Handler<SipRoutingInputs, SipRoutingInputs> = {
  fields: routingFields,
  /** Another host is an update: the stack stays the same one. */
  replaceOn: [],
  /** There is one in a stack. Replaced, it hands the stack's id on. */
  identity: ({ owner }) => owner.name,
  carry: (inputs, state) => ({ ...inputs, owner: { ...inputs.owner, stackId: stackIdOf(state.owner) } }),

  settle(inputs, olds) {
    const before = markSchema.safeParse(olds.owner).data;
    const stackId = inputs.owner.stackId ?? (before ? stackIdOf(before) : newStackId());
    return { ...inputs, owner: { ...inputs.owner, stackId } };
  },

  async validate(inputs, olds) {
    const problems = hostProblems(inputs, olds);
    if (problems.length > 0) return problems;
    const live = await lookAt(inputs);
    if (typeof live === "string") return [{ property: "lookAt", reason: live }];
    const projected = projectRouting(inputs, live, olds);
    const conflicts = conflictsOfOurs(projected);
    const told = conflicts.slice(0, MOST_CONFLICTS_TOLD).map((conflict) => describe(conflict, projected));
    const rest = conflicts.length - told.length;
    if (rest > 0) told.push(`ROUTING_CONFLICT: and ${rest} more.`);
    return told.map((reason) => ({ property: "trunks", reason }));
  },

  create: async (inputs) => ({ id: markText(inputs.owner), outs: inputs }),
  read: async (_id, state) => ({ props: state, inputs: pick<SipRoutingInputs>(state, routingFields) }),
  update: async (_id, _state, inputs) => inputs,
  delete: async (_id, { host }) => requireSameHost(host),
};

/** What is live, or why that cannot be told. */
async function lookAt({ host, lookAt }: SipRoutingInputs): Promise<LiveRouting | string> {
  if (lookAt === "declared") return { trunks: [], rules: [] };
  try {
    const client = livekitClient(host);
    const [trunks, rules] = await Promise.all([client.inboundTrunks("shared"), client.dispatchRules("shared")]);
    return { trunks, rules };
  } catch (cause) {
    const isUnreachable = cause instanceof TrunklineError && /^API_/.test(cause.code);
    if (!isUnreachable) throw cause;
    return `CANNOT_CHECK_ROUTING: whether the declared trunks and rules clash with live ones is not known: ${messageOf(cause)} To go on without looking, set lookAt to "declared" (the setting routingCheck).`;
  }
}

function describe(conflict: Conflict, { labels }: ProjectedRouting): string {
  const [first, second] = conflict.ids.map((id) => labels.get(id) ?? id);
  const who = conflict.between === "rule-itself" ? `${first} clashes with itself` : `${first} and ${second} clash`;
  return `ROUTING_CONFLICT: ${who}: ${exampleText(conflict)}. ${ADVICE}`;
}

const ADVICE =
  "Give each its own called numbers or callers, list the one made by hand among the legacy objects, or name the one that left the program in retires.";
