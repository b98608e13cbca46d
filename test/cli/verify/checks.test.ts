import {
  agentHangsUp,
  answered,
  callerHangsUp,
  codec,
  fallback,
  greeting,
  keys,
  transferred,
} from "../../../cli/verify/checks.ts";
import { NOTHING_SEEN, type Seen } from "../../../cli/verify/seen.ts";
import { goodCall } from "./seen.ts";

/** How what was seen of a test call is judged. */

const NO_ROOM = { sipCallId: "", callerActive: false, agentAudible: true };
const fallen = { outcome: "fallback", reason: "the agent did not come in time" };

test.each([answered, greeting, keys, codec, callerHangsUp, agentHangsUp, transferred])(
  "$id: kept on a call as it should be",
  (check) => {
    expect(check.judge(goodCall()).verdict).toBe("ok");
  },
);

test.each([answered, greeting, keys, codec, callerHangsUp, agentHangsUp, transferred, fallback])(
  "$id: not kept when no call came",
  (check) => {
    expect(check.judge(NOTHING_SEEN)).toEqual({ verdict: "failed", saw: "no call reached the middleware" });
  },
);

test.each<[string, typeof answered, Seen, string]>([
  ["the caller got the fallback", answered, goodCall({}, fallen), "did not come in time"],
  ["they never talked", answered, goodCall({ states: ["waiting", "ended"] }), "waiting → ended"],
  ["nobody in LiveKit's room", answered, goodCall({ room: NO_ROOM }), "no caller and agent"],
  ["a swallowed greeting", greeting, goodCall({ ear: { greetingWhole: false } }), "says no"],
  ["a key that ended the call", keys, goodCall({}, { outcome: "abandoned" }), "abandoned"],
  ["keys without an effect", keys, goodCall({ ear: { keysAnswered: false } }), "says no"],
  ["a room that stays", callerHangsUp, goodCall({ isCleared: false }), "still there"],
  ["a call that never ends", callerHangsUp, goodCall({}, { endedAt: undefined, state: "talking" }), "talking"],
  ["a line that stays open", agentHangsUp, goodCall({ ear: { lineEnded: false } }), "says no"],
  ["a transfer into nowhere", transferred, goodCall({ ear: { transferHeard: false } }), "says no"],
  ["an agent that answered after all", fallback, goodCall(), '"agent"'],
  ["silence instead of the fallback", fallback, goodCall({ ear: { fallbackHeard: false } }, fallen), "says no"],
])("%s is seen", (_what, check, seen, saw) => {
  expect(check.judge(seen)).toEqual({ verdict: "failed", saw: expect.stringContaining(saw) });
});

test("the fallback is kept when the middleware and the ear agree, and says why it came", () => {
  const { verdict, saw } = fallback.judge(goodCall({}, fallen));
  expect(verdict).toBe("ok");
  expect(saw).toContain("the agent did not come in time");
});

test("what nobody could tell is neither kept nor broken", () => {
  expect(greeting.judge(goodCall({ ear: {} })).verdict).toBe("unknown");
});

test("the codec: as negotiated, else the only one that is listed, else it cannot be told", () => {
  const listed = ["PCMA/8000"];
  expect(codec.judge(goodCall({ codec: undefined, listedCodecs: listed }))).toMatchObject({
    verdict: "ok",
    saw: expect.stringContaining("PCMA/8000"),
  });
  expect(codec.judge(goodCall({ codec: undefined })).verdict).toBe("unknown");
  expect(codec.judge(goodCall({ codec: undefined, listedCodecs: [...listed, "PCMU/8000"] })).verdict).toBe("unknown");
});
