import fc from "fast-check";
import type { Call, RoomRule, Rule, Trunk } from "../../../../providers/livekit/routing/index.ts";

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
/** What people write into lists of numbers: prefixes, patterns, other spellings, addresses. */
const ODD_NUMBERS = [
  ...[
    "+49",
    "+4930100*",
    "0049301000",
    "+49 (0)30 1000",
    "030 1000",
    "+1800FLOWERS",
    "+49301000,+49301001",
    "*",
    "+0301000",
  ],
  ...[
    "sip:+49301000@sbc.example.com",
    "tel:+49301000",
    "+49301000;npdi",
    "anonymous@anonymous.invalid",
    "unknown",
    "-30",
  ],
  ...["+49\u00a0301000", "\u202a+49301000", "+49301000 ", "+493010001234567890"],
];
const MASKS = ["10.0.0.0/8", "10.1.2.3", "10.1.2.3/16", "192.168.1.1", "0.0.0.0/0", "2001:db8::/32", "::/0"];
const ODD_MASKS = [
  ...["0.0.0.0/1", "128.0.0.0/1", "192.168.0.0/16", "54.172.60.0/30", "<your-ip>", "10.0.0.1-10.0.0.9", "sip:10.1.2.3"],
  ...["sbc.example.com", "::ffff:10.1.2.3", "::ffff:0:0/96", "[2001:db8::1]", "10.1.2.3:5060", "010.1.2.3", ""],
  ...["10.1.2.3/08", "10.1.2.3/33", "10.0.0.0/+8", "fe80::1%eth0", "fe80::%eth0/10", "2001:DB8:0::1", "1::2::3"],
];
const MALFORMED_MASKS = ["10.1.2.3;", "sip://10.1.2.3", "10.*", "10.0.0.0/8, 192.168.0.0/16", " 10.1.2.3"];
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

/** A list of numbers of which one in twenty is odd. */
const numbers = (usual: readonly string[], weights: [number, number][]) =>
  few(usual, weights).chain((list) =>
    fc.tuple(
      ...list.map((number) =>
        fc.oneof(
          { weight: 19, arbitrary: fc.constant(number) },
          { weight: 1, arbitrary: fc.constantFrom(...ODD_NUMBERS) },
        ),
      ),
    ),
  );

const mask = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...MASKS) },
  { weight: 4, arbitrary: fc.constantFrom(...ODD_MASKS) },
  { weight: 2, arbitrary: fc.constantFrom(...MALFORMED_MASKS) },
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
  fc.oneof(
    { weight: 24, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD_NUMBERS) },
  );

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
export const scenario: fc.Arbitrary<Scenario> = fc.record({
  trunks: some(TRUNK_IDS, 4, trunkPart),
  rules: some(RULE_IDS, 5, rulePart),
  call,
});

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
