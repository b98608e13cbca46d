import * as pulumi from "@pulumi/pulumi";
import type { SIPInboundTrunkInfo } from "livekit-server-sdk";
import { DeclaredResource } from "../dynamic/declared.ts";
import { ownMark } from "../dynamic/own-mark.ts";
import { type Plain, samePlain } from "../dynamic/plain.ts";
import { type Age, managed } from "../dynamic/resource.ts";
import { stub } from "../dynamic/stub.ts";
import { adoptedAmong, isPartial, leaveUnsaid, onlySaid, orNone, overLive, showAdoption } from "./adopted-inputs.ts";
import { endOf, existingFor, foundOf } from "./adoption.ts";
import { trunkClash } from "./clashes.ts";
import { LENIENT, type LiveKitClient, livekitClient } from "./client.ts";
import { foreseen } from "./foresight.ts";
import { inboundTrunkKind } from "./kinds.ts";
import { gone, identityText, requireOurs } from "./ownership.ts";
import { credentialProblems, hostProblems, openTrunkProblems } from "./problems.ts";
import { makingRoomForTrunk } from "./room-making.ts";
import { sdk } from "./sdk.ts";
import { inboundTrunkFields, type SipInboundTrunkInputs } from "./sip-inbound-trunk-fields.ts";
import { fromLiveKit, toLiveKit } from "./sip-inbound-trunk-wire.ts";

/**
 * What is declared of an inbound trunk: which calls LiveKit takes. Everything but `host` is changed in place: the trunk's id stays.
 * One of credentials, `allowedAddresses` and `calledNumbers` has to be given.
 */
export interface SipInboundTrunkArgs {
  /** The LiveKit project, `wss://…`. Its keys come from LIVEKIT_API_KEY and LIVEKIT_API_SECRET. A change replaces the trunk, and needs `movedFrom`. */
  host: pulumi.Input<string>;
  /** The guard's `stackId`: by it the stack knows its own objects. Without it they are known by the names of project and stack. */
  stackId?: pulumi.Input<string>;
  /** The host that the stack was bound to before: without it a change of `host` is refused (HOST_CHANGED). */
  movedFrom?: pulumi.Input<string>;
  /** How people find it; need not be unique for LiveKit, but a trunk of this name without our mark is refused (FOREIGN_TWIN). */
  name: pulumi.Input<string>;
  /** The numbers that callers dial, in any international spelling; stored as E.164, LiveKit compares them normalised. Default: every called number. */
  calledNumbers?: pulumi.Input<pulumi.Input<string>[]>;
  /** The numbers that may call, in any international spelling. Default: everybody. */
  callerNumbers?: pulumi.Input<pulumi.Input<string>[]>;
  /** Where INVITEs may come from: IP addresses, networks (`192.0.2.0/24`), or the host of the From header (which the caller writes). Default: anywhere. */
  allowedAddresses?: pulumi.Input<pulumi.Input<string>[]>;
  /** Without credentials and called numbers, addresses that let everybody in (`0.0.0.0/0`) are refused unless this is true. Default false. */
  open?: pulumi.Input<boolean>;
  /** Digest credentials that LiveKit asks for (407). Both or neither. Default: none. */
  authUsername?: pulumi.Input<string>;
  /** Always kept as a secret. */
  authPassword?: pulumi.Input<string>;
  /** The realm of the challenge. Default: LiveKit's own. */
  authRealm?: pulumi.Input<string>;
  /** Sent with every 200, as they are. */
  headers?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Headers of the INVITE → attributes of the SIP participant. */
  headersToAttributes?: pulumi.Input<Record<string, string>>;
  /** Attributes of the SIP participant → headers of BYE and REFER. */
  attributesToHeaders?: pulumi.Input<Record<string, string>>;
  /** Headers of the INVITE that become `sip.h.…` attributes by themselves: none (default), `X-…`, all. */
  includeHeaders?: pulumi.Input<"none" | "x" | "all">;
  /** SRTP: default `disable`; `require` refuses calls without. */
  mediaEncryption?: pulumi.Input<"disable" | "allow" | "require">;
  /** Codecs as `PCMA/8000`, added to LiveKit's own; the order has no effect (measured on livekit-sip 1.8.0). */
  codecs?: pulumi.Input<string[]>;
  /** Accept the listed codecs only. Default false. */
  onlyListedCodecs?: pulumi.Input<boolean>;
  /** A call without RTP for so long ends. 1 to 600 s; 0 (default): LiveKit's own limit. */
  mediaTimeoutSeconds?: pulumi.Input<number>;
  /** How long a caller hears ringing while nobody's audio is there. 1 to 86400 s; 0 (default): LiveKit's 180 s. */
  ringingTimeoutSeconds?: pulumi.Input<number>;
  /** No call lasts longer. 1 to 86400 s; 0 (default): no limit of the trunk. */
  maxCallSeconds?: pulumi.Input<number>;
  /** Noise cancellation (LiveKit Cloud only). Default false. */
  krispEnabled?: pulumi.Input<boolean>;
  /** The user's own metadata; our mark is kept beside it, under the key `trunkline`. */
  metadata?: pulumi.Input<Record<string, unknown>>;
  /** Objects which the same stack's LegacySipCleanup removes: those that clash with this trunk are fenced off right before it is made or changed. */
  legacyIds?: pulumi.Input<string[]>;
  /** Take over the existing trunk with this id (Pulumi cannot `import` dynamic resources). It is recorded as it was found. */
  adopt?: pulumi.Input<string>;
  /** An adopted trunk on destroy: written back as it was found (`restore`, default), or deleted. */
  onDestroy?: pulumi.Input<"restore" | "delete">;
}

/** What the state has beside the inputs. `found`: an adopted trunk as it was, protobuf JSON. */
type SipInboundTrunkState = SipInboundTrunkInputs & { sipTrunkId: string; found?: Plain };

const provider = stub("livekit:SipInboundTrunk");

/**
 * A trunk on which LiveKit is called (CreateSIPInboundTrunk, UpdateSIPInboundTrunk, DeleteSIPTrunk).
 * Errors: ENVIRONMENT_MISMATCH, MISSING_CREDENTIALS, FOREIGN_TWIN, OWNED_BY_ANOTHER, DUPLICATE_MARK, ROUTING_CONFLICT, OBJECT_GONE, API_REFUSED, API_UNREACHABLE.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { SipInboundTrunk } from "@trunkline/providers";
 *
 * new SipInboundTrunk("office", {
 *   host: "wss://example.livekit.cloud",
 *   name: "Office",
 *   calledNumbers: ["+4989654321"],
 *   allowedAddresses: ["192.0.2.0/24"],
 *   authUsername: "carrier",
 *   authPassword: new pulumi.Config().requireSecret("carrierPassword"),
 *   headersToAttributes: { "X-Customer": "customer" },
 * });
 * ```
 */
export class SipInboundTrunk extends DeclaredResource {
  /** `ST_…` */
  declare readonly sipTrunkId: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;

  constructor(
    resourceName: string,
    { stackId, ...args }: SipInboundTrunkArgs,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const owner = ownMark(resourceName, stackId);
    const authPassword = args.authPassword === undefined ? undefined : pulumi.secret(args.authPassword);
    const inputs = { sipTrunkId: undefined, found: undefined, ...args, authPassword, owner };
    const secrets = ["authPassword", "found"];
    super(resourceName, { provider, inputs, options, secrets, module: "livekit", type: "SipInboundTrunk" });
    this.sipTrunkId = this.sameAsId(this.sipTrunkId);
  }
}

type Live = SIPInboundTrunkInfo;

/** How it is done. Called by the dispatcher. */
export const sipInboundTrunk = managed<SipInboundTrunkInputs, SipInboundTrunkState, Live>({
  fields: inboundTrunkFields,
  replaceOn: ["host"],
  identity: identityText,
  validate: (inputs, olds) => [
    ...hostProblems(inputs, olds),
    ...credentialProblems(inputs),
    ...openTrunkProblems(inputs),
  ],

  settle: leaveUnsaid,

  async foresee(inputs, olds) {
    const list = (age: Age) => livekitClient(inputs.host).inboundTrunks(age);
    const whole = await completed(inputs, list);
    const clash = (live: Live) => (whole === undefined ? undefined : trunkClash(live, toLiveKit(whole)));
    return foreseen({ kind: inboundTrunkKind, list, clash }, inputs, olds);
  },

  show(inputs, olds) {
    const list = () => livekitClient(inputs.host).inboundTrunks("shared");
    return showAdoption(
      { kind: inboundTrunkKind, list, describe: fromLiveKit, secrets: ["authPassword"] },
      inputs,
      olds,
    );
  },

  async observe(id, { host, owner }, age, news) {
    const live = (await livekitClient(host).inboundTrunks(age)).find((trunk) => trunk.sipTrunkId === id);
    if (live !== undefined) requireOurs(inboundTrunkKind, live, owner, ...(news ? [news.owner] : []));
    return live;
  },

  async ensure(inputs, before) {
    const client = livekitClient(inputs.host);
    const existing = existingFor(inboundTrunkKind, await client.inboundTrunks("fresh"), inputs, before);
    const live = existing ?? (await make(client, inputs));
    const id = live.sipTrunkId;
    return { id, live, extra: { sipTrunkId: id, ...foundOf(inboundTrunkKind, existing, inputs.owner, before) } };
  },

  async sync(live, inputs) {
    // Where the password cannot be read it may be an old one: then it is written.
    if (samePlain(onlySaid(fromLiveKit(live, { ...inputs, authPassword: "" }), inputs), inputs)) return live;
    const client = livekitClient(inputs.host);
    const whole = overLive(fromLiveKit(live, inputs), inputs);
    const wanted = Object.assign(toLiveKit(whole), { sipTrunkId: live.sipTrunkId });
    const updated = await makingRoomForTrunk(client, wanted, inputs, () =>
      client.replaceInboundTrunk(live.sipTrunkId, wanted),
    );
    if (updated === undefined) throw gone(inboundTrunkKind, live.sipTrunkId);
    return updated;
  },

  describe: (live, context) => onlySaid(fromLiveKit(live, context), context),
  gone: (id) => gone(inboundTrunkKind, id),

  async remove(live, state) {
    const client = livekitClient(state.host);
    const ending = endOf(inboundTrunkKind, live, state);
    if (ending === "delete") return client.deleteTrunk(live.sipTrunkId);
    if (ending === "keep") return;
    const before = sdk().SIPInboundTrunkInfo.fromJson(
      ending as Parameters<typeof SIPInboundTrunkInfo.fromJson>[0],
      LENIENT,
    );
    await client.replaceInboundTrunk(live.sipTrunkId, before);
  },
});

function make(client: LiveKitClient, inputs: SipInboundTrunkInputs): Promise<Live> {
  const wanted = toLiveKit(inputs);
  return makingRoomForTrunk(client, wanted, inputs, () => client.createInboundTrunk(wanted));
}

/** All inputs, those of an adopted one that are not said from what is live; undefined when that is gone. */
async function completed(
  inputs: SipInboundTrunkInputs,
  list: (age: Age) => Promise<Live[]>,
): Promise<SipInboundTrunkInputs | undefined> {
  if (!isPartial(inputs, inboundTrunkFields)) return inputs;
  const live = adoptedAmong(inboundTrunkKind, await orNone(inputs, () => list("shared")), inputs);
  return live && overLive(fromLiveKit(live, inputs), inputs);
}
