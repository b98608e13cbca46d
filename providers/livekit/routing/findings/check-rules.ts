import { normalizeNumber } from "../numbers.ts";
import type { Finding, Rule, Trunk } from "../types.ts";
import { among } from "./same-number.ts";
import { finding, inQuotes, type Prepared, some } from "./survey.ts";

/** Rules beside their trunks. */
export function checkRules(survey: Prepared): Finding[] {
  const outboundIds = new Set(survey.outbound.map(({ id }) => id));
  const allCalled = survey.rules.some(({ trunkIds = [] }) => trunkIds.length === 0)
    ? survey.trunks.flatMap(({ calledNumbers = [] }) => calledNumbers)
    : [];
  return [
    ...survey.rules.flatMap((rule) => [
      ...trunkIdsOf(rule, survey, outboundIds),
      ...calledAsCallers(rule, survey, allCalled),
      ...roomOf(rule),
    ]),
    ...survey.trunks.flatMap((trunk) => ownNumbersAsCallers(trunk, survey)),
  ];
}

function trunkIdsOf({ id, trunkIds = [] }: Rule, { byId }: Prepared, outboundIds: ReadonlySet<string>): Finding[] {
  const missing = trunkIds.filter((trunkId) => !byId.has(trunkId));
  const outbound = missing.filter((trunkId) => outboundIds.has(trunkId));
  const noIds = missing.filter((trunkId) => !outboundIds.has(trunkId) && !/^ST_|^\(/.test(trunkId));
  return [
    ...outbound.map((trunkId) =>
      finding(
        "RULE_NAMES_OUTBOUND_TRUNK",
        [id, trunkId],
        `The rule names the outbound trunk ${trunkId}; calls come in over inbound trunks.`,
      ),
    ),
    ...(noIds.length === 0
      ? []
      : [finding("RULE_NAMES_NO_TRUNK_ID", [id], `trunkIds has ${some(noIds)}: ids of trunks begin with ST_.`)]),
  ];
}

function calledAsCallers(
  { id, trunkIds = [], callerNumbers = [] }: Rule,
  { byId, comparable = normalizeNumber }: Prepared,
  allCalled: readonly string[],
): Finding[] {
  if (callerNumbers.length === 0) return [];
  const ofTrunks = trunkIds.flatMap((trunkId) => byId.get(trunkId)?.trunk.calledNumbers ?? []);
  const wrong = among(callerNumbers, trunkIds.length === 0 ? allCalled : ofTrunks, comparable);
  if (wrong.length === 0) return [];
  const message = `inboundNumbers lists callers, and ${some(wrong)} ${wrong.length > 1 ? "are numbers" : "is a number"} that the trunk is called at: move ${wrong.length > 1 ? "them" : "it"} to numbers.`;
  return [
    finding("CALLED_NUMBERS_AS_CALLERS", [id], message, wrong.length < callerNumbers.length ? "warning" : "error"),
  ];
}

function ownNumbersAsCallers(
  { id, calledNumbers = [], callerNumbers = [] }: Trunk,
  { comparable = normalizeNumber }: Prepared,
): Finding[] {
  const wrong = among(callerNumbers, calledNumbers, comparable);
  if (wrong.length === 0) return [];
  const message = `allowedNumbers lists callers, and ${some(wrong)} ${wrong.length > 1 ? "are" : "is"} the trunk's own: everybody else is shut out.`;
  return [
    finding("OWN_NUMBERS_AS_ALLOWED_CALLERS", [id], message, wrong.length < callerNumbers.length ? "warning" : "error"),
  ];
}

function roomOf({ id, room, agents = [], declared }: Rule): Finding[] {
  if (room.type === "direct" && room.roomName === "")
    return [finding("EMPTY_ROOM_NAME", [id], "The direct rule names no room.")];
  const shared =
    room.type === "direct"
      ? `the room ${inQuotes(room.roomName)}`
      : room.type === "callee" && !room.randomize
        ? "the room of the called number"
        : undefined;
  if (shared === undefined || agents.length === 0 || declared) return [];
  return [
    finding(
      "CALLERS_SHARE_A_ROOM",
      [id],
      `All callers join ${shared} and hear each other; the agent is dispatched for the first only.`,
    ),
  ];
}
