import fc from "fast-check";
import { SIPDispatchRuleInfo, SIPInboundTrunkInfo } from "livekit-server-sdk";
import { isParked, park, unpark } from "../../../providers/livekit/parking.ts";
import type { SipDispatchRuleInputs } from "../../../providers/livekit/sip-dispatch-rule-fields.ts";
import * as ruleWire from "../../../providers/livekit/sip-dispatch-rule-wire.ts";
import type { SipInboundTrunkInputs } from "../../../providers/livekit/sip-inbound-trunk-fields.ts";
import * as trunkWire from "../../../providers/livekit/sip-inbound-trunk-wire.ts";

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const words = fc.dictionary(word, word, { maxKeys: 3 });
const seconds = fc.integer({ min: 0, max: 600 });
const number = fc.stringMatching(/^\+493[0-9]\d{5,8}$/);

const common = {
  host: fc.constant("wss://host"),
  movedFrom: fc.constant(""),
  owner: fc.record({ project: word, stack: word, name: word }),
  name: word,
  mediaEncryption: fc.constantFrom("disable", "allow", "require"),
  codecs: fc.array(fc.constantFrom("PCMA/8000", "PCMU/8000", "G722/8000")),
  onlyListedCodecs: fc.boolean(),
  mediaTimeoutSeconds: seconds,
  krispEnabled: fc.boolean(),
  calledNumbers: fc.array(number, { maxLength: 3 }),
  callerNumbers: fc.array(number, { maxLength: 3 }),
  legacyIds: fc.constant<string[]>([]),
  adopt: fc.constant(""),
  onDestroy: fc.constantFrom("restore", "delete"),
  open: fc.constant(undefined),
} as const;

const trunk: fc.Arbitrary<SipInboundTrunkInputs> = fc.record({
  ...common,
  allowedAddresses: fc.array(fc.constantFrom("192.0.2.1", "2001:db8::/32")),
  authUsername: fc.string(),
  authPassword: fc.string(),
  authRealm: word,
  headers: words,
  headersToAttributes: words,
  attributesToHeaders: words,
  includeHeaders: fc.constantFrom("none", "x", "all"),
  ringingTimeoutSeconds: seconds,
  maxCallSeconds: seconds,
  metadata: words,
});

const rule: fc.Arbitrary<SipDispatchRuleInputs> = fc
  .record({
    ...common,
    target: fc.oneof(
      fc.record({ type: fc.constant("direct"), room: word }),
      fc.record({ type: fc.constantFrom("individual", "callee"), roomPrefix: word, randomize: fc.boolean() }),
    ) as fc.Arbitrary<SipDispatchRuleInputs["target"]>,
    trunkIds: fc.array(word),
    numbersWrittenAs: fc.constantFrom("+49…", "49…"),
    pin: fc.stringMatching(/^\d{0,6}$/),
    hidePhoneNumber: fc.boolean(),
    participantMetadata: fc.string(),
    participantAttributes: words,
    roomPreset: word,
    roomConfig: fc.record({
      name: word,
      emptyTimeoutSeconds: seconds,
      departureTimeoutSeconds: seconds,
      maxParticipants: seconds,
      metadata: fc.string(),
      minPlayoutDelayMs: seconds,
      maxPlayoutDelayMs: seconds,
      syncStreams: fc.boolean(),
      agents: fc.array(
        fc.record({
          agentName: word,
          metadata: fc.string(),
          attributes: words,
          deployment: word,
          restart: fc.constantFrom("onFailure", "never"),
        }),
      ),
      tags: words,
      egress: fc.constantFrom({}, { room: { roomName: "a", audioOnly: true } }),
    }),
  })
  .map((inputs) => ({ ...inputs, everyTrunk: inputs.trunkIds.length === 0 }));

test("a trunk that is written is read back as the same inputs, also through JSON", () => {
  fc.assert(
    fc.property(trunk, (declared) => {
      const stored = SIPInboundTrunkInfo.fromJson(trunkWire.toLiveKit(declared).toJson());
      expect(trunkWire.fromLiveKit(stored, declared)).toEqual(declared);
    }),
  );
});

test("a rule that is written is read back as the same inputs, also through JSON", () => {
  fc.assert(
    fc.property(rule, (declared) => {
      const stored = SIPDispatchRuleInfo.fromJson(ruleWire.toLiveKit(declared).toJson());
      expect(ruleWire.fromLiveKit(stored, declared)).toEqual(declared);
    }),
  );
});

test("a rule has the numbers in the form that the carrier sends, for they are compared character by character", () => {
  const [plain] = fc.sample(rule, 1);
  const numbers = { calledNumbers: ["+4930123456"], callerNumbers: ["+4915112345678"] };
  const written = (numbersWrittenAs: "+49…" | "49…") =>
    ruleWire.toLiveKit({ ...(plain as SipDispatchRuleInputs), ...numbers, numbersWrittenAs });
  expect(written("+49…")).toMatchObject({ numbers: ["+4930123456"], inboundNumbers: ["+4915112345678"] });
  expect(written("49…")).toMatchObject({ numbers: ["4930123456"], inboundNumbers: ["4915112345678"] });
});

test("what is parked comes back as it was, whatever its metadata is, and keeps its mark meanwhile", () => {
  fc.assert(
    fc.property(trunk, fc.oneof(fc.string(), fc.json()), (declared, note) => {
      const live = trunkWire.toLiveKit(declared);
      for (const metadata of [live.metadata, note]) {
        const before = Object.assign(live.clone(), { metadata });
        const parked = park(before, "ST_1");
        expect(isParked(parked)).toBe(true);
        expect(park(parked, "ST_1")).toEqual(parked);
        expect(parked.numbers).toEqual(["trunkline-parked-ST_1"]);
        expect(unpark(parked)).toEqual(before);
      }
      expect(trunkWire.fromLiveKit(park(live, "ST_1"), declared).owner).toEqual(declared.owner);
    }),
  );
});
