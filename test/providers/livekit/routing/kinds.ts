import { type Call, normalizeNumber, type Rule, type Trunk } from "../../../../providers/livekit/routing/index.ts";
import { parseMasks } from "../../../../providers/livekit/routing/masks.ts";
import type { Scenario } from "./scenarios.ts";
import { MASK_SPELLINGS, NUMBER_SPELLINGS } from "./values.ts";

/** What a case may have in it. Each has to come up often enough for "all agree" to mean something. */
type Kind = [name: string, isIn: (scenario: Scenario) => boolean];

const calledOf = (list: readonly (Trunk | Rule)[]) => list.flatMap(({ calledNumbers = [] }) => calledNumbers);
const callersOf = (list: readonly (Trunk | Rule)[]) => list.flatMap(({ callerNumbers = [] }) => callerNumbers);
const anyTrunk = (holds: (trunk: Trunk, call: Call) => boolean) => (scenario: Scenario) =>
  scenario.trunks.some((trunk) => holds(trunk, scenario.call));
const anyRule = (holds: (rule: Rule) => boolean) => (scenario: Scenario) => scenario.rules.some(holds);
const hasPin = ({ room }: Rule) => "pin" in room && Boolean(room.pin);
const isTwice = (list: readonly string[] = []) => new Set(list.map(normalizeNumber)).size < list.length;
const asks = ({ authUsername, authPassword }: Trunk) => Boolean(authUsername && authPassword);

const SPELLINGS: Kind[] = Object.entries(NUMBER_SPELLINGS).map(([kind, values]) => {
  const known: ReadonlySet<string> = new Set(values);
  return [
    `number: ${kind}`,
    ({ trunks, rules }) =>
      [trunks, rules].flatMap((list) => [...calledOf(list), ...callersOf(list)]).some((one) => known.has(one)),
  ];
});

const CALLED_SO: Kind[] = Object.entries(NUMBER_SPELLINGS).map(([kind, values]) => {
  const known: ReadonlySet<string> = new Set(values);
  return [`call with number: ${kind}`, ({ call }) => known.has(call.called) || known.has(call.caller)];
});

const MASKS: Kind[] = Object.entries(MASK_SPELLINGS).map(([kind, values]) => {
  const known: ReadonlySet<string> = new Set(values);
  return [`mask: ${kind}`, anyTrunk(({ allowedAddresses = [] }) => allowedAddresses.some((mask) => known.has(mask)))];
});

const TRUNKS: Kind[] = [
  ["trunk without numbers", anyTrunk(({ calledNumbers = [] }) => calledNumbers.length === 0)],
  ["trunk without any limit", anyTrunk(isBare)],
  ["trunk with a number twice", anyTrunk(({ calledNumbers }) => isTwice(calledNumbers))],
  ["trunk that names callers", anyTrunk(({ callerNumbers = [] }) => callerNumbers.length > 0)],
  [
    "trunk with all masks malformed",
    anyTrunk(({ allowedAddresses = [] }) => allowedAddresses.length > 0 && parseMasks(allowedAddresses).open),
  ],
  ["trunk with masks of several kinds", anyTrunk(({ allowedAddresses = [] }) => new Set(allowedAddresses).size > 1)],
  [
    "user name or password alone",
    anyTrunk(({ authUsername, authPassword }) => Boolean(authUsername) !== Boolean(authPassword)),
  ],
  ["credentials on one of two twins", hasUnequalTwins],
  [
    "called number listed by two trunks",
    ({ trunks, call }) => trunks.filter(({ calledNumbers = [] }) => calledNumbers.includes(call.called)).length > 1,
  ],
];

const RULES: Kind[] = [
  ["rule without trunk ids", anyRule(({ trunkIds = [] }) => trunkIds.length === 0)],
  ["rule with trunk ids", anyRule(({ trunkIds = [] }) => trunkIds.length > 0)],
  ["rule with a trunk id twice", anyRule(({ trunkIds = [] }) => new Set(trunkIds).size < trunkIds.length)],
  ["rule of a trunk that is gone", anyRule(({ trunkIds = [] }) => trunkIds.includes("ST_gone"))],
  ["rule of an unknown kind", anyRule(({ room }) => room.type === "unknown")],
  ["rule with a PIN", anyRule(hasPin)],
  ["PIN entered", ({ call }) => call.pin !== undefined],
  ["rule that hides numbers", anyRule(({ hidePhoneNumber }) => hidePhoneNumber === true)],
  [
    "hidden number of a caller without one",
    ({ rules, call }) => call.caller === "" && rules.some(({ hidePhoneNumber }) => hidePhoneNumber),
  ],
  ["rule with inboundNumbers", anyRule(({ callerNumbers = [] }) => callerNumbers.length > 0)],
  ["rule with numbers", anyRule(({ calledNumbers = [] }) => calledNumbers.length > 0)],
  [
    "rule with a number twice",
    anyRule(({ calledNumbers, callerNumbers }) => isTwice(calledNumbers) || isTwice(callerNumbers)),
  ],
  [
    "the trunk's numbers as the rule's callers",
    ({ trunks, rules }) => callersOf(rules).some((number) => number !== "" && calledOf(trunks).includes(number)),
  ],
  [
    "rule that spells the called number otherwise",
    ({ rules, call }) =>
      calledOf(rules).some((one) => one !== call.called && normalizeNumber(one) === normalizeNumber(call.called)),
  ],
  ["rule without an agent", anyRule(({ agents = [] }) => agents.length === 0)],
];

export const KINDS: readonly Kind[] = [...SPELLINGS, ...CALLED_SO, ...MASKS, ...TRUNKS, ...RULES];

function isBare({ calledNumbers = [], callerNumbers = [], allowedAddresses = [], authUsername }: Trunk): boolean {
  return [calledNumbers, callerNumbers, allowedAddresses].every((list) => list.length === 0) && !authUsername;
}

function hasUnequalTwins({ trunks }: Scenario): boolean {
  const key = ({ calledNumbers = [] }: Trunk) => JSON.stringify(calledNumbers.map(normalizeNumber));
  return trunks.some((one) => asks(one) && trunks.some((other) => !asks(other) && key(other) === key(one)));
}
