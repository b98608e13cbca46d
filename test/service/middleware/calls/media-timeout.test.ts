import {
  type CallEvent,
  type CallState,
  initialState,
  transition,
} from "../../../../service/middleware/calls/call-state.ts";
import { mediaTimeoutMs, reasonOfLegEnd } from "../../../../service/middleware/calls/media-timeout.ts";
import { later, START } from "./call-run.ts";

const LIMIT_MS = 60_000;
const LAST_PACKET_MS = 10_000;
const report = (isFromStart = false) => ({
  ...{ joinMs: 1, turns: 0, interruptions: 0 },
  mediaGap: { since: START + LAST_PACKET_MS, isFromStart },
});
const present = (agentReport?: object) => ({ agentReady: true, callerPresent: true, agentReport });
const joined = {
  callback: [
    later(10, { type: "room.created" }),
    later(500, { type: "caller.waiting" }),
    later(600, { type: "tick", room: present() }),
    later(700, { type: "leg.arrived", legSid: "leg" }),
    later(750, { type: "leg.answered", legSid: "leg" }),
  ],
  dial: [later(10, { type: "room.created" }), later(750, { type: "leg.answered", legSid: "leg" })],
};
/** The ways in which a leg's end is told, in the orders that were seen. */
const ENDS = {
  callback: [
    [{ type: "leg.ended" }, { type: "queue.left", result: "bridged" }],
    [{ type: "queue.left", result: "bridged" }, { type: "leg.ended" }],
  ],
  dial: [
    [{ type: "dial.done", status: "completed" }, { type: "leg.ended" }],
    [{ type: "leg.ended" }, { type: "dial.done", status: "completed" }],
  ],
};

function reasonAfter(flow: "callback" | "dial", endMs: number, end: object[], agentReport?: object) {
  const begun: CallState = { ...initialState(START, 0, flow), mediaTimeoutMs: LIMIT_MS };
  const seen = later(30_000, { type: "tick", room: present(agentReport) });
  const events: CallEvent[] = [...joined[flow], seen, ...end.map((event) => later(endMs, event))];
  return events.reduce((state, event) => transition(state, event).state, begun).reason;
}

describe.each(["callback", "dial"] as const)("the end of a leg (%s)", (flow) => {
  test.each(ENDS[flow])("is told as LiveKit's media timeout: %j, %j", (...end) => {
    const ended = LAST_PACKET_MS + LIMIT_MS;
    for (const endMs of [ended - 2_000, ended, ended + 4_000])
      expect(reasonAfter(flow, endMs, end, report())).toBe(
        `no audio from the caller for ${(endMs - LAST_PACKET_MS) / 1_000} s: media timeout`,
      );
  });

  test.each(ENDS[flow])("is not, before the limit or while packets come: %j, %j", (...end) => {
    expect(reasonAfter(flow, 50_000, end, report())).not.toContain("media timeout");
    expect(reasonAfter(flow, 200_000, end, { ...report(), mediaGap: undefined })).not.toContain("media timeout");
    expect(reasonAfter(flow, 200_000, end)).not.toContain("media timeout");
  });

  test("is the caller's where the caller has hung up", () => {
    const hangUp = [{ type: "caller.ended", reason: "completed" }];
    expect(reasonAfter(flow, 200_000, hangUp, report())).toBe("completed");
  });
});

test("a first packet that never comes has LiveKit's own limit, if the trunk's is longer", () => {
  const state = { ...initialState(START, 0), mediaTimeoutMs: LIMIT_MS, agentReport: report(true) };
  const at = (ms: number) => reasonOfLegEnd(state, START + LAST_PACKET_MS + ms, "completed");
  expect(at(26_000)).toBe("completed");
  expect(at(30_000)).toContain("media timeout");
});

test("a record of an earlier version tells what it told", () => {
  const state = { ...initialState(START, 0), agentReport: report() };
  expect(reasonOfLegEnd(state, START + 600_000, "completed")).toBe("completed");
});

test.each([
  [0, 15_000],
  [45, 45_000],
])("a media timeout of %i s means %i ms", (seconds, ms) => expect(mediaTimeoutMs(seconds)).toBe(ms));
