import { setTimeout as pause } from "node:timers/promises";
import { callEventSchema } from "../../../../service/middleware/events/call-event.ts";
import { retryAfterMs, waitAfter } from "../../../../service/middleware/events/event-retry.ts";
import { EventSender, type EventSenderParts } from "../../../../service/middleware/events/event-sender.ts";
import { signatureHeader } from "../../../../service/middleware/jambonz/signature.ts";
import { MemoryStore } from "../../../../service/middleware/store/memory-store.ts";
import { DEFAULT_RETENTION } from "../../../../service/middleware/store/retention.ts";
import { inPhase, record } from "../store/store-contract.ts";
import { CALLER_SID, callerInvite, collecting, eventually, startService } from "../support.ts";
import { FAILURES, type Receiver, startReceiver, status, TAKEN, taken } from "./receiver.ts";

const SECRET = "a secret of the receiver's";
const DAY_MS = 86_400_000;

let receiver: Receiver;
let store: MemoryStore;
let senders: EventSender[];
let logged: Record<string, unknown>[];
let counted: Record<string, number>;
beforeEach(async () => {
  receiver = await startReceiver();
  store = new MemoryStore({ ...DEFAULT_RETENTION, mostEvents: 100 });
  senders = [];
  logged = [];
  counted = {};
});
afterEach(async () => {
  await receiver.close();
  await Promise.all(senders.map((sender) => sender.close()));
});

function started(changes: Partial<EventSenderParts> = {}): EventSender {
  const sender = new EventSender({
    store,
    settings: { url: receiver.url, secret: SECRET },
    log: collecting(logged),
    count: (delivery, events = 1) => {
      counted[delivery] = (counted[delivery] ?? 0) + events;
    },
    lookEveryMs: 20,
    deadlineMs: 300,
    waitMs: () => 50,
    ...changes,
  });
  sender.start();
  senders.push(sender);
  return sender;
}

async function ended(callId: string, at = Date.now()): Promise<void> {
  await store.create(record(callId));
  await store.update(callId, inPhase("ended", at));
}
const keys = () => receiver.requests.map(({ headers }) => headers["idempotency-key"]);

test("sends each ended call once, signed, as the schema says", async () => {
  started();
  await ended("one");
  await ended("two");
  await eventually(() => counted.delivered === 2);
  await pause(150);
  expect(keys()).toEqual(["call.ended one", "call.ended two"]);
  for (const { headers, body } of receiver.requests) {
    expect(callEventSchema.parse(JSON.parse(body)).call.state).toBe("ended");
    expect(headers["content-type"]).toBe("application/json");
    const [, seconds] = /^t=(\d+),v1=[0-9a-f]{64}$/.exec(String(headers["trunkline-signature"])) ?? [];
    expect(headers["trunkline-signature"]).toBe(signatureHeader(SECRET, Buffer.from(body), Number(seconds)));
    expect(Math.abs(Date.now() / 1_000 - Number(seconds))).toBeLessThan(30);
  }
});

test.each(Object.entries(FAILURES))(
  "repeats what a receiver that %s has not taken, with the same key",
  async (_way, fail) => {
    receiver.answering = fail;
    started();
    await ended("one");
    await eventually(() => (counted.failed ?? 0) >= 2);
    receiver.answering = taken;
    await eventually(() => counted.delivered === 1);
    expect(new Set(keys())).toEqual(new Set(["call.ended one"]));
    expect(new Set(receiver.requests.map(({ path }) => path))).toEqual(new Set(["/calls"]));
    expect(logged.filter(({ event }) => event === "call-event.failed")).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain(SECRET);
  },
);

test.each(Object.entries(TAKEN))("is done with a receiver that takes it and %s", async (_way, take) => {
  receiver.answering = take;
  started();
  await ended("one");
  await eventually(() => counted.delivered === 1);
  await pause(150);
  expect(receiver.requests).toHaveLength(1);
});

test("delivers when nobody listens at first", async () => {
  const { url } = receiver;
  await receiver.close();
  started();
  await ended("one");
  await eventually(() => (counted.failed ?? 0) >= 2);
  receiver = await startReceiver();
  started({ settings: { url: receiver.url, secret: SECRET } });
  expect(url).not.toBe(receiver.url);
  await eventually(() => counted.delivered === 1);
});

test("a receiver that hangs holds eight requests, however many calls end", async () => {
  receiver.answering = FAILURES["answers nothing"] ?? taken;
  started({ deadlineMs: 60_000 });
  for (let index = 0; index < 30; index++) await ended(`call-${index}`);
  await eventually(() => receiver.requests.length === 8);
  await pause(200);
  expect(receiver.requests).toHaveLength(8);
});

test("gives up what was not taken within a day, and says so", async () => {
  receiver.answering = status(500);
  started();
  await ended("old", Date.now() - DAY_MS - 1_000);
  await eventually(() => counted.dropped === 1);
  expect(receiver.requests).toEqual([]);
  expect(logged).toContainEqual(expect.objectContaining({ event: "call-event.dropped", callId: "old" }));
});

test("gives up the oldest when too many wait", async () => {
  store = new MemoryStore({ ...DEFAULT_RETENTION, mostEvents: 3 });
  for (const callId of ["a", "b", "c", "d", "e"]) await ended(callId);
  started();
  await eventually(() => counted.delivered === 3);
  expect(keys()).toEqual(["call.ended c", "call.ended d", "call.ended e"]);
  expect(counted.dropped).toBe(2);
});

test("two senders of one store share the work", async () => {
  started();
  started();
  for (let index = 0; index < 20; index++) await ended(`call-${index}`);
  await eventually(() => counted.delivered === 20);
  expect(new Set(keys()).size).toBe(20);
  expect(keys()).toHaveLength(20);
});

test("waits longer each time, an hour at most, and as long as the receiver asks", () => {
  const waits = Array.from({ length: 10 }, (_, index) => waitAfter(index + 1, 0.5));
  expect(waits).toEqual([5, 30, 120, 600, 1_800, 3_600, 3_600, 3_600, 3_600, 3_600].map((seconds) => seconds * 1_000));
  expect(waitAfter(1, 0.5, 60_000)).toBe(60_000);
  expect(waitAfter(1, 0.5, 1e9)).toBe(3_600_000);
  expect([retryAfterMs("120"), retryAfterMs("Wed, 21 Oct 2026 07:28:00 GMT"), retryAfterMs(null)]).toEqual([
    120_000, 0, 0,
  ]);
});

describe("a whole service", () => {
  const hang = async () => {
    const service = startService({ callEvents: { url: receiver.url, secret: SECRET } }, undefined, store);
    await service.app.listen({ host: "127.0.0.1", port: 0 });
    return service;
  };
  const call = async (service: Awaited<ReturnType<typeof hang>>, call_sid = CALLER_SID) => {
    await service.hook("/livekit-api", callerInvite({ call_sid }));
    return service.hook("/livekit-api/status", { call_sid, call_status: "completed" });
  };

  test("tells a call's end soon after it, with whole numbers", async () => {
    const service = await hang();
    await call(service);
    await eventually(() => receiver.requests.length === 1, 1_500);
    const { call: told } = JSON.parse(receiver.requests[0]?.body ?? "{}");
    expect(told).toMatchObject({ caller: "+4930123456", called: "+4989654321", state: "ended", outcome: "abandoned" });
    await service.app.close();
  });

  test("answers its hooks, and closes, as fast as ever while the receiver hangs", async () => {
    receiver.answering = FAILURES["answers nothing"] ?? taken;
    const service = await hang();
    for (let index = 0; index < 20; index++) {
      const before = performance.now();
      expect((await call(service, `sid-${index}`)).statusCode).toBe(200);
      expect(performance.now() - before).toBeLessThan(1_000);
    }
    const before = performance.now();
    await service.app.close();
    expect(performance.now() - before).toBeLessThan(4_000);
  });
});
