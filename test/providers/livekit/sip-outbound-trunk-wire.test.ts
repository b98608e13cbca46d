import fc from "fast-check";
import { SIPOutboundTrunkInfo } from "livekit-server-sdk";
import type { SipOutboundTrunkInputs } from "../../../providers/livekit/sip-outbound-trunk-fields.ts";
import { fromLiveKit, toLiveKit } from "../../../providers/livekit/sip-outbound-trunk-wire.ts";

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const words = fc.dictionary(word, word, { maxKeys: 3 });
const inputs: fc.Arbitrary<SipOutboundTrunkInputs> = fc.record({
  host: fc.constant("wss://host"),
  movedFrom: fc.constant(""),
  owner: fc.record({ project: word, stack: word, name: word }),
  name: word,
  address: word,
  transport: fc.constantFrom("auto", "udp", "tcp", "tls"),
  presentedNumbers: fc.array(word, { minLength: 1 }),
  authUsername: fc.string(),
  authPassword: fc.string(),
  headers: words,
  headersToAttributes: words,
  attributesToHeaders: words,
  includeHeaders: fc.constantFrom("none", "x", "all"),
  mediaEncryption: fc.constantFrom("disable", "allow", "require"),
  codecs: fc.array(fc.constantFrom("PCMA/8000", "PCMU/8000", "G722/8000")),
  onlyListedCodecs: fc.boolean(),
  mediaTimeoutSeconds: fc.integer({ min: 0, max: 600 }),
  fromHost: fc.oneof(fc.constant(""), word),
  destinationCountry: fc.constantFrom("", "DE"),
  metadata: words,
  adopt: fc.constant(""),
  onDestroy: fc.constantFrom("restore", "delete"),
});

test("what is written is read back as the same inputs, also through JSON", () => {
  fc.assert(
    fc.property(inputs, (declared) => {
      const stored = SIPOutboundTrunkInfo.fromJson(toLiveKit(declared).toJson());
      expect(fromLiveKit(stored, { ...declared, authPassword: declared.authPassword })).toEqual(declared);
    }),
  );
});

test("a change of any one field is seen", () => {
  fc.assert(
    fc.property(inputs, inputs, (before, after) => {
      const context = { ...before, host: "", adopt: "", onDestroy: before.onDestroy, authPassword: "" };
      for (const name of Object.keys(before) as (keyof SipOutboundTrunkInputs)[]) {
        if (["host", "movedFrom", "adopt", "onDestroy", "authPassword"].includes(name)) continue;
        const changed = { ...before, [name]: after[name] };
        expect(fromLiveKit(toLiveKit(changed), context)[name]).toEqual(after[name]);
      }
    }),
  );
});
