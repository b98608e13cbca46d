import fc from "fast-check";
import { Pulse } from "../../../../service/middleware/policies/pulse.ts";
import { TIMERS } from "../../../../service/shared/index.ts";

const { agentBeatMs, agentBeatLostMs, beatLookGapMs } = TIMERS;
const agent = (beat?: string, identity = "agent-1") => ({ identity, beat });

/** Looks once a second, from 0 on; what each look showed and found. */
function looks(beatAt: (ms: number) => string | undefined, seconds: number): string[][] {
  const pulse = new Pulse();
  return Array.from({ length: seconds + 1 }, (_, second) =>
    pulse.lifeless([agent(beatAt(second * 1_000))], second * 1_000),
  );
}

describe("the pulse of an agent", () => {
  test("whose heartbeat stands still: missed after its time, not before", () => {
    const seen = looks(() => "7", 10);
    expect(seen.map((found) => found.length > 0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((s) => s >= 6));
    expect(seen[6]).toEqual(["agent-1"]);
  });

  test("that beats is never missed, also when two beats in a row are lost", () => {
    expect(looks((ms) => String(Math.floor(ms / (3 * agentBeatMs))), 60).flat()).toEqual([]);
  });

  test("is not judged without a heartbeat: another version", () => {
    expect(looks(() => undefined, 60).flat()).toEqual([]);
  });

  test("of a new agent begins anew: the dead one's does not count", () => {
    const pulse = new Pulse();
    for (let at = 0; at < 6_000; at += 1_000) pulse.lifeless([agent("0", "agent-old")], at);
    expect(pulse.lifeless([agent("0", "agent-new")], 6_000)).toEqual([]);
  });

  test("is not judged over a time in which nobody looked", () => {
    const pulse = new Pulse();
    pulse.lifeless([agent("7")], 0);
    expect(pulse.lifeless([agent("7")], 60_000)).toEqual([]);
    expect(pulse.lifeless([agent("7")], 60_000 + beatLookGapMs)).toEqual([]);
    expect(pulse.lifeless([agent("7")], 60_000 + agentBeatLostMs)).toEqual(["agent-1"]);
  });

  test("of several agents is each one's own", () => {
    const pulse = new Pulse();
    const both = (at: number) => [agent("0", "dead"), agent(String(at), "alive")];
    for (let at = 0; at < 6_000; at += 1_000) expect(pulse.lifeless(both(at), at)).toEqual([]);
    expect(pulse.lifeless(both(6_000), 6_000)).toEqual(["dead"]);
  });

  test("whenever somebody looks, nobody is missed whose beat changed less than its time ago", () => {
    const history = fc.array(fc.record({ pauseMs: fc.nat(7_000), beat: fc.nat(2) }), { maxLength: 60 });
    fc.assert(
      fc.property(history, (entries) => {
        const pulse = new Pulse();
        let at = 0;
        let changedAt = 0;
        let last: number | undefined;
        for (const { pauseMs, beat } of entries) {
          at += pauseMs;
          if (beat !== last) changedAt = at;
          last = beat;
          if (pulse.lifeless([agent(String(beat))], at).length > 0)
            expect(at - changedAt).toBeGreaterThanOrEqual(agentBeatLostMs);
        }
      }),
    );
  });
});
