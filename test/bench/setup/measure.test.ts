import { setupOf } from "../../../bench/setup/measure.ts";
import type { PlacedCall } from "../../../sandbox/calls/system.ts";

const caller = {
  answered: true,
  finalStatus: 200,
  timeline: [
    { event: "invite", at: 1_000 },
    { event: "answered", at: 1_400 },
  ],
} as PlacedCall["caller"];

const leg = (event: string, at: number, fields: Record<string, unknown> = {}) =>
  ({ source: "jambonz", event, at, fields }) as PlacedCall["events"][number];

test("dial: LiveKit's time is that of the leg which Jambonz has sent", () => {
  const events = [leg("leg.invite", 1_050, { legCallSid: "of the leg" }), leg("leg.answered", 1_390)];
  expect(setupOf({ caller, events }, 450)).toMatchObject({ ok: true, answeredMs: 400, livekitMs: 340, greetedMs: 450 });
});

test("callback: LiveKit sends the leg; there is nothing to measure of its answer", () => {
  const events = [leg("leg.invite", 1_800, { from: "+4930", to: "call-1" }), leg("leg.answered", 1_810)];
  expect(setupOf({ caller, events }, 2_000).livekitMs).toBeNaN();
});

test("a caller of LiveKit itself has one leg: its own", () => {
  expect(setupOf({ caller, events: [] }, 450).livekitMs).toBe(400);
});

test("an answered caller who hears no greeting is none that was set up", () => {
  expect(setupOf({ caller, events: [] }, Number.NaN)).toMatchObject({ ok: false, seen: "200" });
});
