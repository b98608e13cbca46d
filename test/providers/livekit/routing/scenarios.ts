import fc from "fast-check";
import type { Call, RoomRule, Rule, Trunk } from "../../../../providers/livekit/routing/index.ts";
import { MASK_SPELLINGS, NUMBER_SPELLINGS } from "./values.ts";

/** A project and one call to it, drawn from few values so that most things overlap. */
export interface Scenario {
  trunks: Trunk[];
  rules: Rule[];
  call: Call;
}

export type SparseProject = Omit<Scenario, "call"> & { calls: Call[] };

const TRUNK_IDS = ["ST_a", "ST_b", "ST_c", "ST_d", "ST_e"];
const RULE_IDS = ["SDR_0", "SDR_1", "SDR_2", "SDR_3", "SDR_4", "SDR_5"];
const CALLED = ["+49301000", "+49301000", "+49301000", "49301000", "+49 (30) 10-00", "+49301001", "call-7", ""];
const CALLERS = ["+4930123", "+4930123", "+4930123", "4930123", "+49 30 123", "+4930124", "anonymous", ""];
const ODD_NUMBERS = Object.values(NUMBER_SPELLINGS);
const MASKS = ["10.0.0.0/8", "10.1.2.3", "10.1.2.3/16", "192.168.1.1", "0.0.0.0/0", "2001:db8::/32", "::/0"];
const ODD_MASKS = Object.values(MASK_SPELLINGS);
const SOURCES = [
  "10.1.2.3",
  "10.1.2.3",
  "10.1.2.3",
  "10.2.0.1",
  "192.168.1.1",
  "198.51.100.7",
  "2001:db8::1",
  "::ffff:10.1.2.3",
];
const ODD_SOURCES = ["", "fe80::1%eth0", "fe80::1", "0.0.0.0", "::"];
const NO_SOURCES = ["localhost", "10.1.2.3:5060", "010.1.2.3", "1.2.3", "::1%", "1:2:3:4:5:6:7:8:9", ":::"];
const FROM_HOSTS = ["sbc.example.com", "10.1.2.3", "192.168.1.1", "other.example.com", "10.0.0.0/8"];
const CREDENTIALS = [
  { username: "user", password: "right" },
  { username: "user", password: "wrong" },
  { username: "other", password: "right" },
];

const few = <T>(values: readonly T[], weights: [number, number][]) =>
  fc.oneof(
    ...weights.map(([length, weight]) => ({
      weight,
      arbitrary: fc.array(fc.constantFrom(...values), { minLength: length, maxLength: length }),
    })),
  );

/** One of each kind as often as of every other. */
const oneOf = (kinds: readonly (readonly string[])[]) =>
  fc.constantFrom(...kinds).chain((values) => fc.constantFrom(...values));
const oddNumber = oneOf(ODD_NUMBERS);

/** A list of numbers of which one in eight is odd. */
const numbers = (usual: readonly string[], weights: [number, number][]) =>
  few(usual, weights).chain((list) =>
    fc.tuple(
      ...list.map((number) =>
        fc.oneof({ weight: 7, arbitrary: fc.constant(number) }, { weight: 1, arbitrary: oddNumber }),
      ),
    ),
  );

const mask = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...MASKS) },
  { weight: 6, arbitrary: oneOf(ODD_MASKS) },
  { weight: 1, arbitrary: fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended()) },
);

const trunkPart = fc.record({
  calledNumbers: numbers(CALLED, [
    [0, 5],
    [1, 4],
    [2, 2],
  ]),
  callerNumbers: numbers(CALLERS, [
    [0, 6],
    [1, 2],
    [2, 2],
  ]),
  allowedAddresses: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 4, arbitrary: fc.array(mask, { minLength: 1, maxLength: 3 }) },
  ),
  authUsername: fc.constantFrom("", "", "", "user", "user"),
  authPassword: fc.constantFrom("", "right", "right"),
  authRealm: fc.constantFrom("", "", "example.com"),
});

const pin = fc.constantFrom("", "", "", "1234", "99");
const prefix = fc.constantFrom("", "call", "zimmer");
const room: fc.Arbitrary<RoomRule> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ type: fc.constant("direct"), roomName: fc.constantFrom("lobby", "desk", ""), pin }),
  },
  {
    weight: 12,
    arbitrary: fc.record({ type: fc.constant("individual"), roomPrefix: prefix, noRandomness: fc.boolean(), pin }),
  },
  {
    weight: 12,
    arbitrary: fc.record({ type: fc.constant("callee"), roomPrefix: prefix, randomize: fc.boolean(), pin }),
  },
  { weight: 1, arbitrary: fc.constant({ type: "unknown" } as const) },
);

const rulePart = fc.record({
  trunkIds: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 8, arbitrary: fc.subarray([...TRUNK_IDS, "ST_gone"], { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: few([...TRUNK_IDS, ""], [[2, 1]]) },
  ),
  calledNumbers: numbers(CALLED, [
    [0, 5],
    [1, 4],
    [2, 1],
  ]),
  callerNumbers: numbers(CALLERS, [
    [0, 6],
    [1, 3],
    [2, 1],
  ]),
  hidePhoneNumber: fc.boolean(),
  room,
  agents: few(
    [{ name: "" }, { name: "my-agent", metadata: "m" }],
    [
      [0, 1],
      [1, 2],
      [2, 1],
    ],
  ),
});

const usually = (values: readonly string[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: oddNumber });

export const call: fc.Arbitrary<Call> = fc
  .record({
    caller: usually([...CALLERS, "", "", "+49304444444"]),
    called: usually([...CALLED, ...CALLED.slice(0, 4)]),
    sourceAddress: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...SOURCES) },
      { weight: 3, arbitrary: fc.constantFrom(...ODD_SOURCES) },
      { weight: 1, arbitrary: fc.constantFrom(...NO_SOURCES) },
      { weight: 1, arbitrary: fc.oneof(fc.ipV4(), fc.ipV6()) },
    ),
    fromHost: fc.constantFrom(...FROM_HOSTS),
    auth: fc.constantFrom(undefined, ...CREDENTIALS, CREDENTIALS[0]),
    pin: fc.constantFrom(undefined, undefined, "1234", "99", ""),
  })
  .map(({ auth, pin, ...rest }) => ({ ...rest, ...(auth && { auth }), ...(pin !== undefined && { pin }) }));

/** At most `most` things with different ids; one time in twenty none. */
function some<T>(idsToUse: string[], most: number, part: fc.Arbitrary<T>): fc.Arbitrary<(T & { id: string })[]> {
  const chosen = fc
    .tuple(
      fc.shuffledSubarray(idsToUse, { minLength: Math.min(2, most), maxLength: most }),
      fc.array(part, { minLength: most, maxLength: most }),
    )
    .map(([drawn, parts]) => parts.slice(0, drawn.length).map((one, index) => ({ ...one, id: drawn[index] ?? "" })));
  const none: fc.Arbitrary<(T & { id: string })[]> = fc.constant([]);
  return fc.oneof({ weight: 19, arbitrary: chosen }, { weight: 1, arbitrary: none });
}

/** Up to four trunks and five rules, in any order of ids. */
const drawn: fc.Arbitrary<Scenario> = fc.record({
  trunks: some(TRUNK_IDS, 4, trunkPart),
  rules: some(RULE_IDS, 5, rulePart),
  call,
});

/** What is changed in some of the projects, so that what people do by mistake meets a call that it matters to. */
const CHANGES: Record<string, (project: Scenario, index: number) => Scenario> = {
  "the call is for a number as a list spells it": (project, index) => {
    const listed = [...project.trunks, ...project.rules].flatMap(({ calledNumbers = [] }) => calledNumbers);
    const called = listed[index % listed.length];
    return called === undefined ? project : { ...project, call: { ...project.call, called } };
  },
  "the caller is spelt as in a list": (project, index) => {
    const listed = [...project.trunks, ...project.rules].flatMap(({ callerNumbers = [] }) => callerNumbers);
    const caller = listed[index % listed.length];
    return caller === undefined ? project : { ...project, call: { ...project.call, caller } };
  },
  "twins, of which one asks for credentials": ({ trunks: [first, second, ...others], ...project }) => {
    if (first === undefined || second === undefined) return { ...project, trunks: [first ?? []].flat() };
    const open = { ...second, calledNumbers: first.calledNumbers ?? [], authUsername: "", authPassword: "" };
    return { ...project, trunks: [{ ...first, authUsername: "user", authPassword: "right" }, open, ...others] };
  },
  "called numbers as the rule's callers": ({ rules: [rule, ...others], ...project }) =>
    rule === undefined
      ? { ...project, rules: [] }
      : { ...project, rules: [{ ...rule, callerNumbers: rule.calledNumbers ?? [], calledNumbers: [] }, ...others] },
  "a number twice in each list": ({ trunks, rules, ...project }) => {
    const twice = <T extends Trunk | Rule>(one: T): T => ({
      ...one,
      calledNumbers: (one.calledNumbers ?? []).flatMap((number) => [number, number]),
    });
    return { ...project, trunks: trunks.map(twice), rules: rules.map((rule, at) => (at === 0 ? twice(rule) : rule)) };
  },
};

/** Half of them as drawn. */
export const scenario: fc.Arbitrary<Scenario> = fc
  .tuple(drawn, fc.oneof(fc.constant(undefined), fc.constantFrom(...Object.values(CHANGES))), fc.nat(9))
  .map(([project, change, index]) => change?.(project, index) ?? project);

/** The same with rules of a kind that only a newer LiveKit knows, and what that kind may turn out to be. */
export const newerScenario: fc.Arbitrary<Scenario & { revealed: RoomRule[] }> = fc
  .record({
    scenario,
    isNewer: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    rooms: fc.array(room, { minLength: 5, maxLength: 5 }),
  })
  .map(({ scenario, isNewer, rooms }) => ({
    ...scenario,
    rules: scenario.rules.map((rule, index) =>
      isNewer[index] ? { ...rule, room: { type: "newer", kind: "dispatchRuleNew" } } : rule,
    ),
    revealed: rooms,
  }));

/** So few trunks and rules that many projects have no conflict, with many calls each. */
export const sparseProject: fc.Arbitrary<SparseProject> = fc.record({
  trunks: some(TRUNK_IDS, 2, trunkPart),
  rules: some(RULE_IDS, 2, rulePart),
  calls: fc.array(call, { minLength: 12, maxLength: 12 }),
});
