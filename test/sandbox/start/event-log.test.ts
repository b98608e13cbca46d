import { EventLog } from "../../../sandbox/start/event-log.ts";

const seen = (at: number, source: "jambonz" | "caller", event: string, ids: object) => ({
  at,
  source,
  event,
  fields: {},
  ...ids,
});

test("a call's events are found over the ids by which each part knows the call", () => {
  const log = new EventLog();
  log.add(seen(1, "jambonz", "call.invite", { sipCallId: "a@1", callSid: "sid-a" }));
  log.addLine("middleware", '{"event":"webhook.received","time":2,"callSid":"sid-a","callId":"A"}');
  log.addLine("agent", '{"event":"agent.joined","time":3,"callId":"A"}');
  log.add(seen(1, "jambonz", "call.invite", { sipCallId: "b@1", callSid: "sid-b" }));
  log.addLine("agent", '{"event":"agent.joined","time":3,"callId":"B"}');
  expect(log.ofCall("a@1").map(({ event }) => event)).toEqual(["call.invite", "webhook.received", "agent.joined"]);
});

test("lines that are no JSON or tell of no event are left out", () => {
  const log = new EventLog();
  log.addLine("agent", "plain text");
  log.addLine("agent", '{"msg":"no event"}');
  log.addLine("agent", '{"event":"cut off');
  expect(log.ofCall("x")).toEqual([]);
});

test("a call nobody has seen has no events, though others have no ids either", () => {
  const log = new EventLog();
  log.addLine("agent", '{"event":"agent.registered","time":1}');
  expect(log.ofCall("nobody")).toEqual([]);
});

test("waitFor sees an event that comes while it waits", async () => {
  const log = new EventLog();
  const wait = log.waitFor(({ event }) => event === "late", 2_000);
  log.add(seen(1, "caller", "late", {}));
  expect(await wait).toBe(true);
  expect(await log.waitFor(({ event }) => event === "never", 50)).toBe(false);
});
