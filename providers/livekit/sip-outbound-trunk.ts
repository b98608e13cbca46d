import * as pulumi from "@pulumi/pulumi";
import type { SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { DeclaredResource } from "../dynamic/declared.ts";
import { ownMark } from "../dynamic/own-mark.ts";
import { type Plain, samePlain } from "../dynamic/plain.ts";
import { type Age, managed } from "../dynamic/resource.ts";
import { stub } from "../dynamic/stub.ts";
import { leaveUnsaid, onlySaid, overLive, showAdoption } from "./adopted-inputs.ts";
import { endOf, existingFor, foundOf } from "./adoption.ts";
import { LENIENT, livekitClient } from "./client.ts";
import { foreseen } from "./foresight.ts";
import { outboundTrunkKind as kind } from "./kinds.ts";
import { gone, identityText, requireOurs } from "./ownership.ts";
import { credentialProblems, hostProblems } from "./problems.ts";
import { sdk } from "./sdk.ts";
import { outboundTrunkFields, type SipOutboundTrunkInputs } from "./sip-outbound-trunk-fields.ts";
import { fromLiveKit, toLiveKit } from "./sip-outbound-trunk-wire.ts";

/** What is declared of an outbound trunk. Everything but `host` is changed in place: the trunk's id stays. */
export interface SipOutboundTrunkArgs {
  /** The LiveKit project, `wss://…`. Its keys come from LIVEKIT_API_KEY and LIVEKIT_API_SECRET. A change replaces the trunk. */
  host: pulumi.Input<string>;
  /** The guard's `stackId`: by it the stack knows its own objects. Without it they are known by the names of project and stack. */
  stackId?: pulumi.Input<string>;
  /** The host that the stack was bound to before: without it a change of `host` is refused (HOST_CHANGED). */
  movedFrom?: pulumi.Input<string>;
  /** How people find it; need not be unique for LiveKit, but a trunk of this name without our mark is refused (FOREIGN_TWIN). */
  name: pulumi.Input<string>;
  /** Where LiveKit sends its INVITEs: `host` or `host:port`, no `sip:`. */
  address: pulumi.Input<string>;
  /** Default `auto` (UDP first). */
  transport?: pulumi.Input<"auto" | "udp" | "tcp" | "tls">;
  /** The numbers that LiveKit may present as the caller, at least one, in any international spelling; stored as E.164 (`+49…`). One of them is chosen at random per call. */
  presentedNumbers: pulumi.Input<pulumi.Input<string>[]>;
  /** Digest credentials for the other side's challenge. Default: none. */
  authUsername?: pulumi.Input<string>;
  /** Always kept as a secret. */
  authPassword?: pulumi.Input<string>;
  /** Sent with every INVITE, as they are. */
  headers?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Headers of the 200 → attributes of the SIP participant. */
  headersToAttributes?: pulumi.Input<Record<string, string>>;
  /** Attributes of the SIP participant → headers of BYE and REFER. */
  attributesToHeaders?: pulumi.Input<Record<string, string>>;
  /** Headers of the 200 that become `sip.h.…` attributes by themselves: none (default), `X-…`, all. */
  includeHeaders?: pulumi.Input<"none" | "x" | "all">;
  /** SRTP: default `disable`; `require` refuses calls without. */
  mediaEncryption?: pulumi.Input<"disable" | "allow" | "require">;
  /** Codecs as `PCMA/8000`, added to LiveKit's own; the order has no effect (measured on livekit-sip 1.8.0). */
  codecs?: pulumi.Input<string[]>;
  /** Offer the listed codecs only. Default false. */
  onlyListedCodecs?: pulumi.Input<boolean>;
  /** A call without RTP for so long ends. 1 to 600 s; 0 (default): LiveKit's own limit. */
  mediaTimeoutSeconds?: pulumi.Input<number>;
  /** The host in the From header instead of the project's SIP domain. */
  fromHost?: pulumi.Input<string>;
  /** Where calls end, ISO 3166-1 (`DE`): LiveKit Cloud dials from a region near it. */
  destinationCountry?: pulumi.Input<string>;
  /** The user's own metadata; our mark is kept beside it, under the key `trunkline`. */
  metadata?: pulumi.Input<Record<string, unknown>>;
  /** Take over the existing trunk with this id (Pulumi cannot `import` dynamic resources). It is recorded as it was found. */
  adopt?: pulumi.Input<string>;
  /** An adopted trunk on destroy: written back as it was found (`restore`, default), or deleted. */
  onDestroy?: pulumi.Input<"restore" | "delete">;
}

/** What the state has beside the inputs. `found`: an adopted trunk as it was, protobuf JSON. */
type SipOutboundTrunkState = SipOutboundTrunkInputs & { sipTrunkId: string; found?: Plain };

const provider = stub("livekit:SipOutboundTrunk");

/**
 * A trunk through which LiveKit calls out (CreateSIPOutboundTrunk, UpdateSIPOutboundTrunk, DeleteSIPTrunk).
 * Errors: ENVIRONMENT_MISMATCH, MISSING_CREDENTIALS, FOREIGN_TWIN, OWNED_BY_ANOTHER, DUPLICATE_MARK, OBJECT_GONE, API_REFUSED, API_UNREACHABLE.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { SipOutboundTrunk } from "@trunkline/providers";
 *
 * const trunk = new SipOutboundTrunk("sbc", {
 *   host: "wss://example.livekit.cloud",
 *   name: "SBC",
 *   address: "sbc.example.com",
 *   transport: "tls",
 *   mediaEncryption: "require",
 *   presentedNumbers: ["+493012345678"],
 *   authUsername: "livekit",
 *   authPassword: new pulumi.Config().requireSecret("sipPassword"),
 * });
 * export const trunkId = trunk.sipTrunkId;
 * ```
 */
export class SipOutboundTrunk extends DeclaredResource {
  /** `ST_…` */
  declare readonly sipTrunkId: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  declare readonly address: pulumi.Output<string>;

  constructor(
    resourceName: string,
    { stackId, ...args }: SipOutboundTrunkArgs,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const owner = ownMark(resourceName, stackId);
    const authPassword = args.authPassword === undefined ? undefined : pulumi.secret(args.authPassword);
    const inputs = { sipTrunkId: undefined, found: undefined, ...args, authPassword, owner };
    const secrets = ["authPassword", "found"];
    super(resourceName, { provider, inputs, options, secrets, module: "livekit", type: "SipOutboundTrunk" });
    this.sipTrunkId = this.sameAsId(this.sipTrunkId);
  }
}

type Live = SIPOutboundTrunkInfo;

/** How it is done. Called by the dispatcher. */
export const sipOutboundTrunk = managed<SipOutboundTrunkInputs, SipOutboundTrunkState, Live>({
  fields: outboundTrunkFields,
  replaceOn: ["host"],
  identity: identityText,
  validate: (inputs, olds) => hostProblems(inputs, olds).concat(credentialProblems(inputs)),

  settle: leaveUnsaid,

  foresee(inputs, olds) {
    const list = (age: Age) => livekitClient(inputs.host).outboundTrunks(age);
    return foreseen({ kind, list }, inputs, olds);
  },

  show(inputs, olds) {
    const list = () => livekitClient(inputs.host).outboundTrunks("shared");
    return showAdoption({ kind, list, describe: fromLiveKit, secrets: ["authPassword"] }, inputs, olds);
  },

  async observe(id, { host, owner }, age, news) {
    const live = (await livekitClient(host).outboundTrunks(age)).find((trunk) => trunk.sipTrunkId === id);
    if (live !== undefined) requireOurs(kind, live, owner, ...(news ? [news.owner] : []));
    return live;
  },

  async ensure(inputs, before) {
    const client = livekitClient(inputs.host);
    const existing = existingFor(kind, await client.outboundTrunks("fresh"), inputs, before);
    const live = existing ?? (await client.createOutboundTrunk(toLiveKit(inputs)));
    const id = live.sipTrunkId;
    return { id, live, extra: { sipTrunkId: id, ...foundOf(kind, existing, inputs.owner, before) } };
  },

  async sync(live, inputs) {
    // Where the password cannot be read it may be an old one: then it is written.
    const stored = onlySaid(fromLiveKit(live, { ...inputs, authPassword: "" }), inputs);
    if (samePlain(stored, inputs)) return live;
    const wanted = overLive(fromLiveKit(live, inputs), inputs);
    const updated = await livekitClient(inputs.host).replaceOutboundTrunk(live.sipTrunkId, toLiveKit(wanted));
    if (updated === undefined) throw gone(kind, live.sipTrunkId);
    return updated;
  },

  describe: (live, context) => onlySaid(fromLiveKit(live, context), context),
  gone: (id) => gone(kind, id),

  async remove(live, state) {
    const client = livekitClient(state.host);
    const ending = endOf(kind, live, state);
    if (ending === "delete") return client.deleteTrunk(live.sipTrunkId);
    if (ending === "keep") return;
    const before = sdk().SIPOutboundTrunkInfo.fromJson(
      ending as Parameters<typeof SIPOutboundTrunkInfo.fromJson>[0],
      LENIENT,
    );
    await client.replaceOutboundTrunk(live.sipTrunkId, before);
  },
});
