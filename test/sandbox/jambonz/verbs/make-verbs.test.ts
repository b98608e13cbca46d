import { makeVerbs } from "../../../../sandbox/jambonz/verbs/make-verbs.ts";

test("verbs are known in both spellings", () => {
  const verbs = makeVerbs([{ verb: "say", text: "hello" }, { "sip:decline": { status: 503 } }]);
  expect(verbs.map((verb) => verb.name)).toEqual(["say", "sip:decline"]);
});

test.each([
  ["an object", { verb: "hangup" }, "must be array"],
  ["an unknown verb", [{ verb: "room", name: "x" }], "invalid instruction: room"],
  ["an unknown property", [{ verb: "dial", target: [], codecs: ["PCMA"] }], "dial: unknown property codecs"],
  ["a missing property", [{ verb: "enqueue" }], "enqueue: missing value for name"],
  ["a wrong type", [{ verb: "dequeue", name: "q", timeout: "3" }], "dequeue: property timeout has invalid data type"],
  ["say without text", [{ verb: "say" }], "Say: either text or stream:true is required"],
  [
    "a verb of real servers that is not played here",
    [{ verb: "conference", name: "c" }],
    "does not play the verb conference",
  ],
])("%s is refused", (_what, answer, message) => {
  expect(() => makeVerbs(answer)).toThrow(message);
});
