import { z } from "zod";
import { own } from "../own.ts";
import { AnswerError } from "./answer-error.ts";
import { jsonOf } from "./json.ts";
import { type Answered, reasonOf } from "./request.ts";

type Json = Record<string, unknown>;

/**
 * What LiveKit answers to a method. Its servers write every field, empty lists too, in snake case (read: twirp 8, livekit_sip.twirp.go,
 * `EmitUnpopulated`; seen on livekit-server 1.13.5): a missing list is not an empty one. protobuf's JSON allows camel case as well.
 */
interface ExpectedAnswer {
  schema: z.ZodType<Json>;
  /** In words, for errors. */
  expected: string;
  /** The SDK's message of the object, or of each object of the list: it knows the types of all their fields. */
  message?: MessageName;
  list?: string;
}

type MessageName =
  | "SIPInboundTrunkInfo"
  | "SIPOutboundTrunkInfo"
  | "SIPDispatchRuleInfo"
  | "Room"
  | "ParticipantInfo"
  | "AgentDispatch";

/** Messages of livekit-server-sdk, given by who has loaded it: that takes 0.2 s, which a Pulumi preview does not always need. */
export type Messages = Readonly<Record<MessageName, { fromJson(json: never, options: object): unknown }>>;

const object = z.record(z.string(), z.unknown());

/** An object that names itself. */
function named(field: string, pattern = /./): z.ZodType<Json> {
  return object.refine(
    (value) => {
      const id = own(value, field) ?? own(value, camel(field));
      return typeof id === "string" && pattern.test(id);
    },
    { error: `has no ${field}` },
  );
}

function listOf(list: string, { schema: item, message }: ExpectedAnswer): ExpectedAnswer {
  const items = z.array(item);
  const schema = object.superRefine((value, context) => {
    const result = items.safeParse(own(value, list) ?? own(value, camel(list)));
    for (const { path, message: problem } of result.error?.issues ?? [])
      context.addIssue({ code: "custom", path: [list, ...path], message: problem });
  });
  return { schema, expected: `a list "${list}"`, list, ...(message && { message }) };
}

function one(field: string, pattern?: RegExp, message?: MessageName): ExpectedAnswer {
  return { schema: named(field, pattern), expected: `an object with ${field}`, ...(message && { message }) };
}

const inbound = one("sip_trunk_id", /^ST_/, "SIPInboundTrunkInfo");
const outbound = one("sip_trunk_id", /^ST_/, "SIPOutboundTrunkInfo");
const rule = one("sip_dispatch_rule_id", /^SDR_/, "SIPDispatchRuleInfo");
const room = one("name", /./, "Room");
const participant = one("identity", /./, "ParticipantInfo");
const dispatch = one("id", /./, "AgentDispatch");
const nothing: ExpectedAnswer = { schema: object, expected: "a JSON object" };

const ANSWERS = new Map<string, ExpectedAnswer>([
  ["ListSIPOutboundTrunk", listOf("items", outbound)],
  ["ListSIPInboundTrunk", listOf("items", inbound)],
  ["ListSIPDispatchRule", listOf("items", rule)],
  ["CreateSIPOutboundTrunk", outbound],
  ["CreateSIPInboundTrunk", inbound],
  ["UpdateSIPOutboundTrunk", outbound],
  ["UpdateSIPInboundTrunk", inbound],
  ["DeleteSIPTrunk", one("sip_trunk_id", /^ST_/)],
  ["CreateSIPDispatchRule", rule],
  ["UpdateSIPDispatchRule", rule],
  ["DeleteSIPDispatchRule", rule],
  ["CreateSIPParticipant", one("sip_call_id")],
  ["TransferSIPParticipant", nothing],
  ["CreateRoom", room],
  ["UpdateRoomMetadata", room],
  ["ListRooms", listOf("rooms", room)],
  ["DeleteRoom", nothing],
  ["ListParticipants", listOf("participants", participant)],
  ["RemoveParticipant", nothing],
  ["CreateDispatch", dispatch],
  ["DeleteDispatch", dispatch],
  ["ListDispatch", listOf("agent_dispatches", dispatch)],
]);

/** Methods that are asked for something that has a name: the answer has to be about the same thing. */
const ECHOED = ["sip_trunk_id", "sip_dispatch_rule_id"];

/**
 * The JSON that answers a request.
 * @throws AnswerError; Error for a method that is not described above
 */
export function livekitAnswer(answered: Answered, method: string, request: unknown, messages: Messages): Json {
  const answer = ANSWERS.get(method);
  if (answer === undefined) throw new Error(`LiveKit's answer to ${method} is not described in livekit-answers.ts`);
  const { schema, expected, list, message } = answer;
  const value = jsonOf(answered, aboutTheSame(schema, method, request), expected);
  if (message === undefined) return value;
  const objects = list === undefined ? [value] : ((own(value, list) ?? own(value, camel(list))) as unknown[]);
  for (const one of objects) decode(answered, one, expected, messages[message]);
  return value;
}

function decode(answered: Answered, value: unknown, expected: string, message: Messages[MessageName]): void {
  try {
    message.fromJson(value as never, { ignoreUnknownFields: true });
  } catch (cause) {
    throw new AnswerError(answered, expected, `JSON of another shape (${reasonOf(cause)})`);
  }
}

function aboutTheSame(schema: z.ZodType<Json>, method: string, request: unknown): z.ZodType<Json> {
  const wanted = method.startsWith("List") ? [] : echoes(request);
  if (wanted.length === 0) return schema;
  return schema.refine(
    (value) => wanted.every(([field, id]) => (own(value, field) ?? own(value, camel(field))) === id),
    {
      error: "is about another object than the request",
    },
  );
}

function echoes(request: unknown): [string, unknown][] {
  const given = (request ?? {}) as Record<string, unknown>;
  return ECHOED.map((field): [string, unknown] => [field, own(given, field) ?? own(given, camel(field))]).filter(
    ([, id]) => id,
  );
}

function camel(field: string): string {
  return field.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
