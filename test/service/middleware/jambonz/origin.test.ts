import fc from "fast-check";
import { originOf } from "../../../../service/middleware/jambonz/origin.ts";
import { newCallSchema, parsePayload } from "../../../../service/middleware/jambonz/payloads.ts";

const origin = (payload: object) => originOf(parsePayload(newCallSchema, { call_sid: "sid", ...payload }));
const sdp = (...lines: string[]) => ["v=0", "c=IN IP4 192.0.2.1", ...lines, ""].join("\r\n");

test("the carrier's Call-ID, not the one between SBC and feature server; jambonz's trace id", () => {
  const ids = { sbc_callid: "a@carrier", call_id: "inner", trace_id: "0af7" };
  expect(origin(ids)).toEqual({ sipCallId: "a@carrier", jambonzTraceId: "0af7" });
  expect(origin({ call_id: "inner", sip: { headers: { "x-cid": "b@carrier" } } })).toEqual({ sipCallId: "b@carrier" });
});

test("the offered codecs in the carrier's order; static types need no name", () => {
  const body = sdp("m=audio 4000 RTP/AVP 9 8 101 96", "a=rtpmap:101 telephone-event/8000", "a=rtpmap:96 opus/48000/2");
  expect(origin({ sip: { body } }).offeredCodecs).toEqual(["G722", "PCMA", "telephone-event", "opus"]);
});

test("a type that is no number is told by its first letters, whatever JavaScript knows by that name", () => {
  const body = sdp("m=audio 4000 RTP/AVP __proto__ constructor 8");
  expect(origin({ sip: { body } }).offeredCodecs).toEqual(["__p", "con", "PCMA"]);
});

test("nothing is told of a call that names nothing", () => {
  expect(origin({})).toEqual({});
  expect(origin({ sbc_callid: "", sip: { body: "no description" } })).toEqual({});
});

test("whatever a carrier writes, at most sixteen short names are kept", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.array(fc.string()), (text, names) => {
      const body = sdp(
        `m=audio 1 RTP/AVP ${names.join(" ")}`,
        text,
        ...names.map((name, at) => `a=rtpmap:${at} ${name}/1`),
      );
      const { offeredCodecs = [] } = origin({ sip: { body } });
      expect(offeredCodecs.length).toBeLessThanOrEqual(16);
      for (const codec of offeredCodecs) expect(codec.length).toBeLessThanOrEqual(40);
    }),
  );
});
