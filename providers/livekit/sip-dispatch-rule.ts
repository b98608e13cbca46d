import * as pulumi from "@pulumi/pulumi";
import type { SIPDispatchRuleInfo } from "livekit-server-sdk";
import { DeclaredResource } from "../dynamic/declared.ts";
import { ownMark } from "../dynamic/own-mark.ts";
import { type Plain, samePlain } from "../dynamic/plain.ts";
import { type Age, managed } from "../dynamic/resource.ts";
import { stub } from "../dynamic/stub.ts";
import { adoptedAmong, isPartial, leaveUnsaid, onlySaid, orNone, overLive, showAdoption } from "./adopted-inputs.ts";
import { endOf, existingFor, foundOf } from "./adoption.ts";
import { ruleClash } from "./clashes.ts";
import { LENIENT, type LiveKitClient, livekitClient } from "./client.ts";
import { foreseen } from "./foresight.ts";
import { dispatchRuleKind } from "./kinds.ts";
import { gone, identityText, requireOurs } from "./ownership.ts";
import { hostProblems, wildcardProblems } from "./problems.ts";
import { makingRoomForRule } from "./room-making.ts";
import { sdk } from "./sdk.ts";
import { dispatchRuleFields, type SipDispatchRuleInputs } from "./sip-dispatch-rule-fields.ts";
import { fromLiveKit, toLiveKit } from "./sip-dispatch-rule-wire.ts";

/**
 * Where a call goes: `direct`, all callers into one room; `individual`, each into a room of its own (`prefix_caller_random`); `callee`,
 * into the room named like the called user (`prefix_called`, or `called` without a prefix).
 */
export type DispatchTarget =
  | { type: "direct"; room: string }
  /** `randomize`: default true. */
  | { type: "individual"; roomPrefix?: string; randomize?: boolean }
  /** `randomize`: a random suffix; default false. */
  | { type: "callee"; roomPrefix?: string; randomize?: boolean };

/** The room that a call creates. A room that exists keeps its own configuration, and dispatches none of these agents. */
interface DispatchRoomConfig {
  name?: string;
  /** The room closes when nobody has come for so long. 0 (default): LiveKit's own. */
  emptyTimeoutSeconds?: number;
  /** The room closes so long after everybody has left. 0 (default): LiveKit's own. */
  departureTimeoutSeconds?: number;
  /** Agents do not count. 0 (default): any number. */
  maxParticipants?: number;
  metadata?: string;
  minPlayoutDelayMs?: number;
  maxPlayoutDelayMs?: number;
  syncStreams?: boolean;
  /** Agents to dispatch, by the names under which their workers are registered. `deployment` and `restart`: LiveKit Cloud. */
  agents?: {
    agentName: string;
    metadata?: string;
    attributes?: Record<string, string>;
    deployment?: string;
    restart?: "onFailure" | "never";
  }[];
  tags?: Record<string, string>;
  /** RoomEgress as protobuf JSON. */
  egress?: Record<string, unknown>;
}

/** What is declared of a dispatch rule. Everything but `host` is changed in place: the rule's id stays. */
export interface SipDispatchRuleArgs {
  /** The LiveKit project, `wss://…`. Its keys come from LIVEKIT_API_KEY and LIVEKIT_API_SECRET. A change replaces the rule, and needs `movedFrom`. */
  host: pulumi.Input<string>;
  /** The guard's `stackId`: by it the stack knows its own objects. Without it they are known by the names of project and stack. */
  stackId?: pulumi.Input<string>;
  /** The host that the stack was bound to before: without it a change of `host` is refused (HOST_CHANGED). */
  movedFrom?: pulumi.Input<string>;
  /** How people find it. In LiveKit our mark follows it: `name [trunkline:project/stack/resource]`. No brackets. */
  name: pulumi.Input<string>;
  target: pulumi.Input<DispatchTarget>;
  /** The trunks whose calls it takes. At least one, unless `everyTrunk`. */
  trunkIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Calls of every trunk, also of those that match no trunk: without authentication. Default false. */
  everyTrunk?: pulumi.Input<boolean>;
  /** The numbers that callers dialled (LiveKit: `numbers`), in any international spelling. Default: all. */
  calledNumbers?: pulumi.Input<pulumi.Input<string>[]>;
  /** The callers (LiveKit: `inbound_numbers`), in any international spelling. Default: all. */
  callerNumbers?: pulumi.Input<pulumi.Input<string>[]>;
  /** How the carrier writes numbers, which rules compare character by character: `+49…` (default) or `49…`. */
  numbersWrittenAs?: pulumi.Input<"+49…" | "49…">;
  /** Digits that the caller has to enter, followed by `#`. Always kept as a secret. Default: none. */
  pin?: pulumi.Input<string>;
  /** Random identity, and no `sip.phoneNumber` attribute. Default false. */
  hidePhoneNumber?: pulumi.Input<boolean>;
  /** SRTP: default `disable`; `require` refuses calls without. */
  mediaEncryption?: pulumi.Input<"disable" | "allow" | "require">;
  /** Codecs as `PCMA/8000`, added to LiveKit's own. */
  codecs?: pulumi.Input<string[]>;
  /** Accept the listed codecs only. Default false. */
  onlyListedCodecs?: pulumi.Input<boolean>;
  /** A call without RTP for so long ends. 1 to 600 s; 0 (default): LiveKit's own limit. */
  mediaTimeoutSeconds?: pulumi.Input<number>;
  /** Noise cancellation (LiveKit Cloud only). Default false. */
  krispEnabled?: pulumi.Input<boolean>;
  /** Every caller's participant metadata. */
  participantMetadata?: pulumi.Input<string>;
  /** Every caller's participant attributes. */
  participantAttributes?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** A preset of room configuration (LiveKit Cloud only). */
  roomPreset?: pulumi.Input<string>;
  roomConfig?: pulumi.Input<DispatchRoomConfig>;
  /** Objects which the same stack's LegacySipCleanup removes: those that clash with this rule are fenced off right before it is made or changed. */
  legacyIds?: pulumi.Input<string[]>;
  /** Take over the existing rule with this id (Pulumi cannot `import` dynamic resources). It is recorded as it was found. */
  adopt?: pulumi.Input<string>;
  /** An adopted rule on destroy: written back as it was found (`restore`, default), or deleted. */
  onDestroy?: pulumi.Input<"restore" | "delete">;
}

/** What the state has beside the inputs. `found`: an adopted rule as it was, protobuf JSON. */
type SipDispatchRuleState = SipDispatchRuleInputs & { sipDispatchRuleId: string; found?: Plain };

const provider = stub("livekit:SipDispatchRule");

/**
 * A rule that leads calls into rooms (CreateSIPDispatchRule, UpdateSIPDispatchRule, DeleteSIPDispatchRule).
 * Errors: ENVIRONMENT_MISMATCH, MISSING_CREDENTIALS, FOREIGN_TWIN, OWNED_BY_ANOTHER, DUPLICATE_MARK, ROUTING_CONFLICT, OBJECT_GONE, API_REFUSED, API_UNREACHABLE.
 *
 * @example
 * ```ts
 * import { SipDispatchRule, SipInboundTrunk } from "@trunkline/providers";
 *
 * const host = "wss://example.livekit.cloud";
 * const trunk = new SipInboundTrunk("office", { host, name: "Office", calledNumbers: ["+4989654321"] });
 *
 * new SipDispatchRule("office", {
 *   host,
 *   name: "Office",
 *   trunkIds: [trunk.sipTrunkId],
 *   target: { type: "individual", roomPrefix: "call-" },
 *   roomConfig: { agents: [{ agentName: "reception" }] },
 * });
 * ```
 */
export class SipDispatchRule extends DeclaredResource {
  /** `SDR_…` */
  declare readonly sipDispatchRuleId: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;

  constructor(
    resourceName: string,
    { stackId, ...args }: SipDispatchRuleArgs,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const owner = ownMark(resourceName, stackId);
    const pin = args.pin === undefined ? undefined : pulumi.secret(args.pin);
    const inputs = { sipDispatchRuleId: undefined, found: undefined, ...args, pin, owner };
    const secrets = ["pin", "found"];
    super(resourceName, { provider, inputs, options, secrets, module: "livekit", type: "SipDispatchRule" });
    this.sipDispatchRuleId = this.sameAsId(this.sipDispatchRuleId);
  }
}

type Live = SIPDispatchRuleInfo;

/** How it is done. Called by the dispatcher. */
export const sipDispatchRule = managed<SipDispatchRuleInputs, SipDispatchRuleState, Live>({
  fields: dispatchRuleFields,
  replaceOn: ["host"],
  identity: identityText,
  validate: (inputs, olds) => [...hostProblems(inputs, olds), ...wildcardProblems(inputs)],

  settle: (inputs, olds, news) => leaveUnsaid(inputs, olds, news, ["trunkIds", "everyTrunk"]),

  async foresee(inputs, olds) {
    const list = (age: Age) => livekitClient(inputs.host).dispatchRules(age);
    const whole = await completed(inputs, list);
    const clash = (live: Live) => (whole === undefined ? undefined : ruleClash(live, toLiveKit(whole)));
    return foreseen({ kind: dispatchRuleKind, list, clash }, inputs, olds);
  },

  show(inputs, olds) {
    const list = () => livekitClient(inputs.host).dispatchRules("shared");
    return showAdoption({ kind: dispatchRuleKind, list, describe: fromLiveKit, secrets: ["pin"] }, inputs, olds);
  },

  async observe(id, { host, owner }, age, news) {
    const live = (await livekitClient(host).dispatchRules(age)).find((rule) => rule.sipDispatchRuleId === id);
    if (live !== undefined) requireOurs(dispatchRuleKind, live, owner, ...(news ? [news.owner] : []));
    return live;
  },

  async ensure(inputs, before) {
    const client = livekitClient(inputs.host);
    const existing = existingFor(dispatchRuleKind, await client.dispatchRules("fresh"), inputs, before);
    const live = existing ?? (await make(client, inputs));
    const id = live.sipDispatchRuleId;
    return { id, live, extra: { sipDispatchRuleId: id, ...foundOf(dispatchRuleKind, existing, inputs.owner, before) } };
  },

  async sync(live, inputs) {
    if (samePlain(onlySaid(fromLiveKit(live, inputs), inputs), inputs)) return live;
    const client = livekitClient(inputs.host);
    const whole = overLive(fromLiveKit(live, inputs), inputs);
    const wanted = Object.assign(toLiveKit(whole), { sipDispatchRuleId: live.sipDispatchRuleId });
    const updated = await makingRoomForRule(client, wanted, inputs, () =>
      client.replaceDispatchRule(live.sipDispatchRuleId, wanted),
    );
    if (updated === undefined) throw gone(dispatchRuleKind, live.sipDispatchRuleId);
    return updated;
  },

  describe: (live, context) => onlySaid(fromLiveKit(live, context), context),
  gone: (id) => gone(dispatchRuleKind, id),

  async remove(live, state) {
    const client = livekitClient(state.host);
    const ending = endOf(dispatchRuleKind, live, state);
    if (ending === "delete") return client.deleteDispatchRule(live.sipDispatchRuleId);
    if (ending === "keep") return;
    const before = sdk().SIPDispatchRuleInfo.fromJson(
      ending as Parameters<typeof SIPDispatchRuleInfo.fromJson>[0],
      LENIENT,
    );
    await client.replaceDispatchRule(live.sipDispatchRuleId, before);
  },
});

function make(client: LiveKitClient, inputs: SipDispatchRuleInputs): Promise<Live> {
  const wanted = toLiveKit(inputs);
  return makingRoomForRule(client, wanted, inputs, () => client.createDispatchRule(wanted));
}

/** All inputs, those of an adopted one that are not said from what is live; undefined when that is gone. */
async function completed(
  inputs: SipDispatchRuleInputs,
  list: (age: Age) => Promise<Live[]>,
): Promise<SipDispatchRuleInputs | undefined> {
  if (!isPartial(inputs, dispatchRuleFields)) return inputs;
  const live = adoptedAmong(dispatchRuleKind, await orNone(inputs, () => list("shared")), inputs);
  return live && overLive(fromLiveKit(live, inputs), inputs);
}
