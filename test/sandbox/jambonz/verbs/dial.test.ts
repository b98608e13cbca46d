import { addCarrier, addGateway } from "../../../../sandbox/jambonz/account-rows.ts";
import { Bench } from "../bench.ts";

const target = [{ type: "phone", number: "call-1", trunk: "LiveKit-dev" }];
const dial = { verb: "dial", target, answerOnBridge: true, anchorMedia: true, timeout: 12, actionHook: "/done" };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function benchWithCarrier() {
  const bench = new Bench();
  const credentials = { register_username: "jambonz", register_password: "secret" };
  const carrier = addCarrier(bench.account, "LiveKit-dev", credentials);
  addGateway(bench.account, carrier, { port: 5070, inbound: 0, outbound: 1, protocol: "tcp" });
  return bench;
}

test("the carrier's gateway is called with the carrier's credentials, while the caller hears early media", async () => {
  const bench = benchWithCarrier();
  bench.call("in-1", [{ ...dial, headers: { "X-Call-Id": "1" }, dialMusic: "tone_stream://L=20;%(1000,4000,425)" }]);
  await jest.advanceTimersByTimeAsync(0);
  expect(bench.edge.sent("progress")).toEqual([{ command: "progress", leg: "in-1", status: 183, withMedia: true }]);
  expect(bench.edge.sent("answer")).toEqual([]);
  expect(bench.edge.sent("invite")[0]).toMatchObject({
    uri: "sip:call-1@127.0.0.1:5070",
    destination: "127.0.0.1:5070",
    transport: "tcp",
    auth: { username: "jambonz", password: "secret" },
    from: { user: "+4917100001" },
    headers: { "X-Call-Id": "1", "X-Account-Sid": bench.account.account_sid, "X-CID": "sip-in-1" },
  });
});

test("the answer is passed on to the caller, the legs are joined, and the far end's hang-up ends the caller's call", async () => {
  const bench = benchWithCarrier();
  const { done } = bench.call("in-1", [dial]);
  await jest.advanceTimersByTimeAsync(2000);
  bench.edge.onEvent({ event: "progress", leg: "out-1", status: 180, reason: "Ringing" });
  bench.edge.onEvent({ event: "answered", leg: "out-1", sipCallId: "b", codec: "PCMA" });
  expect(bench.edge.sent("bridge")).toEqual([{ command: "bridge", a: "in-1", b: "out-1" }]);
  expect(bench.edge.timeOf("answer")).toBe(2000);
  await jest.advanceTimersByTimeAsync(5000);
  bench.edge.onEvent({ event: "ended", leg: "out-1", by: "remote" });
  await done;
  await jest.advanceTimersByTimeAsync(0);
  expect(bench.hooks("action")[0]?.payload).toMatchObject({ dial_call_status: "completed", dial_sip_status: 200 });
  await jest.advanceTimersByTimeAsync(140);
  expect(bench.statuses()).toEqual([
    ...["trying", "trying", "ringing", "in-progress", "in-progress", "completed", "completed"],
  ]);
  expect(bench.hooks("status")[6]?.payload).toMatchObject({ direction: "outbound", duration: 5 });
  expect(bench.legs.size).toBe(0);
});

test("without anchorMedia the legs are joined 200 ms after the answer", async () => {
  const bench = benchWithCarrier();
  bench.call("in-1", [{ ...dial, anchorMedia: false }]);
  await jest.advanceTimersByTimeAsync(1000);
  bench.edge.onEvent({ event: "answered", leg: "out-1", sipCallId: "b", codec: "PCMA" });
  await jest.advanceTimersByTimeAsync(300);
  expect(bench.edge.timeOf("bridge")).toBe(1200);
});

test("nobody answers in time: no-answer 487, the leg is cancelled, the next verb runs", async () => {
  const bench = benchWithCarrier();
  const { done } = bench.call("in-1", [dial, { verb: "sip:decline", status: 503 }]);
  await jest.advanceTimersByTimeAsync(12_000);
  await done;
  expect(bench.edge.sent("hangup")).toEqual([{ command: "hangup", leg: "out-1" }]);
  expect(bench.hooks("action")[0]?.payload).toMatchObject({ dial_call_status: "no-answer", dial_sip_status: 487 });
  expect(bench.edge.sent("decline")).toMatchObject([{ leg: "in-1", status: 503 }]);
});

test.each([
  [486, "busy"],
  [404, "failed"],
  [487, "no-answer"],
])("the far end answers %i: dial_call_status %s, and 603 to a caller whose verbs are through", async (status, word) => {
  const bench = benchWithCarrier();
  const { done } = bench.call("in-1", [dial]);
  bench.edge.onEvent({ event: "failed", leg: "out-1", sipCallId: "b", status, reason: "no" });
  await done;
  expect(bench.hooks("action")[0]?.payload).toMatchObject({ dial_call_status: word, dial_sip_status: status });
  expect(bench.edge.sent("decline")).toMatchObject([{ leg: "in-1", status: 603 }]);
  expect(bench.statuses().at(-1)).toBe(word); // nothing is told about the 603
});

test("a carrier that does not exist is no error of the verb: the SBC refuses with 603", async () => {
  const bench = new Bench();
  const { done } = bench.call("in-1", [dial]);
  await done;
  await jest.advanceTimersByTimeAsync(0);
  expect(bench.hooks("action")[0]?.payload).toMatchObject({ dial_call_status: "failed", dial_sip_status: 603 });
  expect(bench.legs.size).toBe(0);
});

test("a caller who hangs up while it rings ends the other leg", async () => {
  const bench = benchWithCarrier();
  const { done } = bench.call("in-1", [dial]);
  await jest.advanceTimersByTimeAsync(1000);
  bench.edge.onEvent({ event: "ended", leg: "in-1", by: "cancel" });
  await done;
  expect(bench.edge.sent("hangup")).toEqual([{ command: "hangup", leg: "out-1" }]);
  expect(bench.hooks("status").map((hook) => hook.payload)).toContainEqual(
    expect.objectContaining({ call_status: "no-answer", sip_status: 487, call_termination_by: "caller" }),
  );
});

test("a REFER of the dialled leg replaces the caller's verbs with the referHook's", async () => {
  const bench = benchWithCarrier();
  bench.answers["/refer"] = () => [{ verb: "pause", length: 5 }];
  bench.call("in-1", [{ ...dial, referHook: "/refer" }]);
  bench.edge.onEvent({ event: "answered", leg: "out-1", sipCallId: "b", codec: "PCMA" });
  bench.edge.onEvent({ event: "refer", leg: "out-1", referTo: "<tel:+49301>", headers: [] });
  await jest.advanceTimersByTimeAsync(10);
  expect(bench.hooks("refer")[0]?.payload).toMatchObject({ refer_details: { refer_to_user: "+49301" } });
  expect(bench.edge.sent("hangup")).toEqual([{ command: "hangup", leg: "out-1" }]);
});
