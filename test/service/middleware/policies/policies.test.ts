import { decideDispatch } from "../../../../service/middleware/policies/dispatch.ts";
import { isOutcomeUnknown, legRetryPauseMs, roomRetryPauseMs } from "../../../../service/middleware/policies/retry.ts";
import { TIMERS } from "../../../../service/shared/index.ts";

describe("legRetryPauseMs", () => {
  test("pauses longer each time after `503 cpu exhausted`, then gives up", () => {
    const exhausted = { status: 503, message: "twirp error unavailable: cpu exhausted" };
    expect([1, 2, 3, 4].map((failures) => legRetryPauseMs(exhausted, failures))).toEqual([250, 500, 1_000, undefined]);
  });

  test.each([
    { status: 503, message: "no response from servers" },
    { status: 500, message: "cpu exhausted" },
    { status: 404, message: "trunk not found" },
    { message: "The operation was aborted due to timeout" },
  ])("never repeats anything else: %p", (failure) => {
    expect(legRetryPauseMs(failure, 1)).toBeUndefined();
  });

  test("knows that only a request without an answer has an unknown outcome", () => {
    expect(isOutcomeUnknown({ message: "timeout" })).toBe(true);
    expect(isOutcomeUnknown({ status: 500, message: "timeout" })).toBe(false);
  });
});

describe("roomRetryPauseMs", () => {
  test("bridges the 2 s in which LiveKit's servers tell of themselves, and ends before the webhook has to be answered", () => {
    const noServer = { status: 500, message: "could not find any available nodes" };
    const pauses = [1, 2, 3, 4, 5, 6, 7].map((failures) => roomRetryPauseMs(noServer, failures));
    expect(pauses.at(-1)).toBeUndefined();
    const allMs = pauses.reduce<number>((sum, pauseMs = 0) => sum + pauseMs, 0);
    expect(allMs).toBeGreaterThan(2_000);
    expect(allMs).toBeLessThan(TIMERS.webhookDeadlineMs);
  });

  test.each([
    { status: 500, message: "could not get node for room: connection refused" },
    { status: 503, message: "could not find any available nodes" },
    { message: "The operation was aborted due to timeout" },
  ])("never repeats anything else: a room may have been made: %p", (failure) => {
    expect(roomRetryPauseMs(failure, 1)).toBeUndefined();
  });
});

describe("decideDispatch", () => {
  test("waits for a job that runs", () => {
    expect(
      decideDispatch([
        { id: "AD_1", running: false },
        { id: "AD_2", running: true },
      ]),
    ).toEqual({ kind: "wait" });
  });

  test("removes every lost dispatch before a new one", () => {
    const lost = [
      { id: "AD_1", running: false },
      { id: "AD_2", running: false },
    ];
    expect(decideDispatch(lost)).toEqual({ kind: "redispatch", remove: ["AD_1", "AD_2"] });
    expect(decideDispatch([])).toEqual({ kind: "redispatch", remove: [] });
  });
});
