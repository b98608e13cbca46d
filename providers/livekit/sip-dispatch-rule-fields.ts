import { z } from "zod";
import { markSchema } from "../dynamic/marks.ts";
import type { InputsOf } from "../dynamic/resource.ts";
import {
  adopting,
  legacyIds,
  livekitHost,
  movedFrom,
  onDestroy,
  optionalRuleId,
  phoneNumber,
  trunkId,
} from "./fields.ts";
import { mediaFields } from "./media.ts";

const LONGEST_TIMEOUT_SECONDS = 86_400;
const texts = z.record(z.string(), z.string());
const plain = z.record(z.string(), z.unknown());

/** Where a call goes. */
const target = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("direct"), room: z.string().min(1, "is empty") }),
  z.strictObject({
    type: z.literal("individual"),
    roomPrefix: z.string().default(""),
    randomize: z.boolean().default(true),
  }),
  z.strictObject({
    type: z.literal("callee"),
    roomPrefix: z.string().default(""),
    randomize: z.boolean().default(false),
  }),
]);

const agent = z.strictObject({
  agentName: z.string().min(1, "is empty"),
  metadata: z.string().default(""),
  attributes: texts.default({}),
  deployment: z.string().default(""),
  restart: z.enum(["onFailure", "never"]).default("onFailure"),
});

const roomConfig = z.strictObject({
  name: z.string().default(""),
  emptyTimeoutSeconds: z.number().int().min(0).max(LONGEST_TIMEOUT_SECONDS).default(0),
  departureTimeoutSeconds: z.number().int().min(0).max(LONGEST_TIMEOUT_SECONDS).default(0),
  maxParticipants: z.number().int().min(0).default(0),
  metadata: z.string().default(""),
  minPlayoutDelayMs: z.number().int().min(0).default(0),
  maxPlayoutDelayMs: z.number().int().min(0).default(0),
  syncStreams: z.boolean().default(false),
  agents: z.array(agent).default([]),
  tags: texts.default({}),
  egress: plain.default({}),
});

export type RoomConfig = z.output<typeof roomConfig>;
export type Target = z.output<typeof target>;

/** A PIN is entered by telephone. */
const pin = z.string().regex(/^\d{0,32}$/, "is no PIN: digits only");

/** Every input of a dispatch rule, in its one form; what is not given gets LiveKit's default. */
export const dispatchRuleFields = {
  host: livekitHost,
  movedFrom,
  owner: markSchema,
  name: z
    .string()
    .min(1, "is empty")
    .regex(/^[^[\]]*$/, "has a bracket in it: these are for our mark"),
  target,
  trunkIds: z.array(trunkId).default([]),
  everyTrunk: z.boolean().default(false),
  calledNumbers: z.array(phoneNumber).default([]),
  callerNumbers: z.array(phoneNumber).default([]),
  numbersWrittenAs: z.enum(["+49…", "49…"]).default("+49…"),
  pin: pin.default(""),
  hidePhoneNumber: z.boolean().default(false),
  ...mediaFields,
  krispEnabled: z.boolean().default(false),
  participantMetadata: z.string().default(""),
  participantAttributes: texts.default({}),
  roomPreset: z.string().default(""),
  roomConfig: roomConfig.prefault({}),
  legacyIds,
  adopt: optionalRuleId,
  onDestroy,
  adopting,
} as const;

export type SipDispatchRuleInputs = InputsOf<typeof dispatchRuleFields>;
