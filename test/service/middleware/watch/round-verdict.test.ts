import fc from "fast-check";
import { judgeRound } from "../../../../service/middleware/watch/round-verdict.ts";

const room = (callId: string, callers = 1, publishers = 2) => ({ callId, callers, publishers });
const known = (...rooms: ReturnType<typeof room>[]) => new Map(rooms.map((one) => [one.callId, one]));
const ids = (count: number) => Array.from({ length: count }, (_, index) => `call-${index}`);

describe("judgeRound", () => {
  test("has nobody looked for while all are there, also at first sight and when somebody is new", () => {
    const all = [room("a"), room("b", 1, 1)];
    expect(judgeRound(["a", "b"], all, new Map())).toEqual({ look: [], isOutage: false });
    expect(judgeRound(["a", "b"], [room("a"), room("b", 1, 2)], known(...all)).look).toEqual([]);
  });

  test.each([
    ["a caller", room("b", 0, 1)],
    ["somebody who was heard", room("b", 1, 1)],
  ])("has %s looked for who was there before", (_who, now) => {
    const before = known(room("a"), room("b"));
    expect(judgeRound(["a", "b"], [room("a"), now], before)).toEqual({ look: ["b"], isOutage: false });
  });

  test("has one room looked for that is not listed, also if it is the only one", () => {
    expect(judgeRound(["a", "b", "c"], [room("a"), room("c")], new Map())).toEqual({ look: ["b"], isOutage: false });
    expect(judgeRound(["a"], [], new Map())).toEqual({ look: ["a"], isOutage: false });
  });

  test("many rooms that vanish at once are an outage of the list: none of them is looked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.double({ min: 0, max: 0.5, noNaN: true }), (count, share) => {
        const asked = ids(count);
        const listed = asked.slice(0, Math.floor(count * share)).map((callId) => room(callId));
        const before = known(...asked.map((callId) => room(callId)));
        expect(judgeRound(asked, listed, before)).toEqual({ look: [], isOutage: count - listed.length > 1 });
      }),
    );
  });
});
