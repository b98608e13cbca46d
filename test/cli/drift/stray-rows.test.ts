import { type JambonzRows, strayRows } from "../../../cli/drift/stray-rows.ts";

/** A stack with the applications `calls` and `agent-leg`, the carriers `phone` and `livekit`, and the latter's gateway. */
const declared = {
  ids: new Set(["calls", "agent-leg", "phone", "livekit", "sip.livekit.example", "number"]),
  applications: new Set(["calls", "agent-leg"]),
  carriers: new Set(["phone", "livekit"]),
  carriersWithGateways: new Set(["livekit"]),
  hooks: new Set(["https://middleware.example.com/livekit-api"]),
};
const nothing: JambonzRows = { applications: [], carriers: [], gateways: [], numbers: [] };

const application = (application_sid: string, url: string) => ({
  application_sid,
  name: application_sid,
  call_hook: { url },
});
const carrier = (voip_carrier_sid: string, application_sid: string | null) => ({
  voip_carrier_sid,
  name: voip_carrier_sid,
  application_sid,
});
const gateway = (sip_gateway_sid: string, voip_carrier_sid: string) => ({
  sip_gateway_sid,
  voip_carrier_sid,
  ipv4: "192.0.2.9",
});
const number = (phone_number_sid: string, voip_carrier_sid: string, application_sid: string | null) => ({
  phone_number_sid,
  voip_carrier_sid,
  application_sid,
  number: "4930111",
});

const found = (rows: Partial<JambonzRows>) =>
  strayRows({ ...nothing, ...rows }, declared).map(({ kind, object, id }) => `${kind} ${object} ${id}`);

test("what the stack has declared is none", () => {
  expect(
    found({
      applications: [application("calls", "https://middleware.example.com/livekit-api#rc=5&rp=ct,5xx")],
      carriers: [carrier("phone", "calls"), carrier("livekit", "agent-leg")],
      gateways: [gateway("sip.livekit.example", "livekit")],
      numbers: [number("number", "phone", "calls")],
    }),
  ).toEqual([]);
});

test("rows of others, in the same account, are theirs", () => {
  expect(
    found({
      applications: [application("pizza", "https://pizza.example.com/calls")],
      carriers: [carrier("other-phone", "pizza"), carrier("spare", null)],
      gateways: [gateway("of-the-phone-carrier", "phone")],
      numbers: [number("other", "other-phone", "pizza"), number("unused", "other-phone", null)],
    }),
  ).toEqual([]);
});

test.each<[string, Partial<JambonzRows>, string]>([
  [
    "an application with the stack's webhook, whatever its retries",
    { applications: [application("copy", "https://middleware.example.com/livekit-api#rc=1")] },
    'unmanaged application "copy" copy',
  ],
  [
    "a carrier whose calls come to the stack",
    { carriers: [carrier("second", "calls")] },
    'unmanaged carrier "second" second',
  ],
  [
    "a number that is sent to the stack",
    { numbers: [number("extra", "other-phone", "calls")] },
    'unmanaged phone number "4930111" extra',
  ],
  [
    "a number without application, of a carrier of the stack",
    { numbers: [number("extra", "phone", null)] },
    'unmanaged phone number "4930111" extra',
  ],
  [
    "another way out of the carrier to LiveKit",
    { gateways: [gateway("detour", "livekit")] },
    'unmanaged gateway "192.0.2.9" detour',
  ],
])("%s is told", (_what, rows, difference) => {
  expect(found(rows)).toEqual([difference]);
});
