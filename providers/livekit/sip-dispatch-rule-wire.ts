import type { RoomConfiguration, RoomEgress, SIPDispatchRule, SIPDispatchRuleInfo } from "livekit-server-sdk";
import { NO_MARK, readRuleMark, readRuleName, writeRuleName } from "../dynamic/marks.ts";
import { type Plain, samePlain } from "../dynamic/plain.ts";
import { LENIENT } from "./client.ts";
import { mediaFromLiveKit, mediaToLiveKit } from "./media.ts";
import { sdk } from "./sdk.ts";
import type { RoomConfig, SipDispatchRuleInputs, Target } from "./sip-dispatch-rule-fields.ts";

type Json = Parameters<typeof RoomEgress.fromJson>[0];

/** Our words by LiveKit's numbers (livekit_agent.proto, JobRestartPolicy). */
const RESTARTS = ["onFailure", "never"] as const;

/** The rule that LiveKit is to store. The mark is in its name: its metadata becomes the metadata of every caller. */
export function toLiveKit(inputs: SipDispatchRuleInputs): SIPDispatchRuleInfo {
  const written = (number: string) => (inputs.numbersWrittenAs === "+49…" ? number : number.replace("+", ""));
  const roomConfig = roomConfigToLiveKit(inputs.roomConfig);
  return new (sdk().SIPDispatchRuleInfo)({
    name: writeRuleName(inputs.owner, inputs.name),
    rule: targetToLiveKit(inputs.target, inputs.pin),
    trunkIds: inputs.trunkIds,
    numbers: inputs.calledNumbers.map(written),
    inboundNumbers: inputs.callerNumbers.map(written),
    hidePhoneNumber: inputs.hidePhoneNumber,
    metadata: inputs.participantMetadata,
    attributes: inputs.participantAttributes,
    roomPreset: inputs.roomPreset,
    krispEnabled: inputs.krispEnabled,
    ...(roomConfig === undefined ? {} : { roomConfig }),
    ...mediaToLiveKit(inputs),
  });
}

/** A stored rule as the inputs that would declare it. `context` has what LiveKit does not tell. */
export function fromLiveKit(rule: SIPDispatchRuleInfo, context: SipDispatchRuleInputs): SipDispatchRuleInputs {
  const read = (number: string) => (context.numbersWrittenAs === "49…" && /^\d/.test(number) ? `+${number}` : number);
  return {
    ...context,
    owner: readRuleMark(rule.name) ?? NO_MARK,
    name: readRuleName(rule.name),
    ...targetFromLiveKit(rule),
    trunkIds: rule.trunkIds,
    everyTrunk: rule.trunkIds.length === 0,
    calledNumbers: rule.numbers.map(read),
    callerNumbers: rule.inboundNumbers.map(read),
    hidePhoneNumber: rule.hidePhoneNumber,
    participantMetadata: rule.metadata,
    participantAttributes: rule.attributes,
    roomPreset: rule.roomPreset,
    krispEnabled: rule.krispEnabled,
    roomConfig: roomConfigFromLiveKit(rule.roomConfig ?? new (sdk().RoomConfiguration)()),
    ...mediaFromLiveKit(rule),
  };
}

function targetToLiveKit(target: Target, pin: string): SIPDispatchRule {
  if (target.type === "direct")
    return new (sdk().SIPDispatchRule)({ rule: { case: "dispatchRuleDirect", value: { roomName: target.room, pin } } });
  const { roomPrefix, randomize } = target;
  return target.type === "individual"
    ? new (sdk().SIPDispatchRule)({
        rule: { case: "dispatchRuleIndividual", value: { roomPrefix, pin, noRandomness: !randomize } },
      })
    : new (sdk().SIPDispatchRule)({ rule: { case: "dispatchRuleCallee", value: { roomPrefix, pin, randomize } } });
}

/** A rule of a kind that this version does not know is shown as a direct one into no room: drift that `up` heals. */
function targetFromLiveKit({ rule }: SIPDispatchRuleInfo): { target: Target; pin: string } {
  const live = rule?.rule;
  switch (live?.case) {
    case "dispatchRuleIndividual": {
      const { roomPrefix, pin, noRandomness } = live.value;
      return { target: { type: "individual", roomPrefix, randomize: !noRandomness }, pin };
    }
    case "dispatchRuleCallee": {
      const { roomPrefix, pin, randomize } = live.value;
      return { target: { type: "callee", roomPrefix, randomize }, pin };
    }
    default:
      return { target: { type: "direct", room: live?.value?.roomName ?? "" }, pin: live?.value?.pin ?? "" };
  }
}

/** No room configuration at all when everything is LiveKit's default. */
function roomConfigToLiveKit(config: RoomConfig): RoomConfiguration | undefined {
  if (samePlain(config, roomConfigFromLiveKit(new (sdk().RoomConfiguration)()))) return undefined;
  return new (sdk().RoomConfiguration)({
    name: config.name,
    emptyTimeout: config.emptyTimeoutSeconds,
    departureTimeout: config.departureTimeoutSeconds,
    maxParticipants: config.maxParticipants,
    metadata: config.metadata,
    minPlayoutDelay: config.minPlayoutDelayMs,
    maxPlayoutDelay: config.maxPlayoutDelayMs,
    syncStreams: config.syncStreams,
    tags: config.tags,
    agents: config.agents.map(({ restart, ...agent }) => ({ ...agent, restartPolicy: RESTARTS.indexOf(restart) })),
    ...(Object.keys(config.egress).length === 0
      ? {}
      : { egress: sdk().RoomEgress.fromJson(config.egress as Json, LENIENT) }),
  });
}

function roomConfigFromLiveKit(config: RoomConfiguration): RoomConfig {
  return {
    name: config.name,
    emptyTimeoutSeconds: config.emptyTimeout,
    departureTimeoutSeconds: config.departureTimeout,
    maxParticipants: config.maxParticipants,
    metadata: config.metadata,
    minPlayoutDelayMs: config.minPlayoutDelay,
    maxPlayoutDelayMs: config.maxPlayoutDelay,
    syncStreams: config.syncStreams,
    tags: config.tags,
    agents: config.agents.map(({ agentName, metadata, attributes, deployment, restartPolicy }) => ({
      agentName,
      metadata,
      attributes,
      deployment,
      restart: RESTARTS[restartPolicy] ?? "onFailure",
    })),
    egress: (config.egress?.toJson() ?? {}) as Plain,
  };
}
