import { emptyAccount } from "../../../sandbox/jambonz/account.ts";
import { addApplication, addCarrier, addGateway, addNumber } from "../../../sandbox/jambonz/account-rows.ts";
import { routeInvite, trunkOf, uriParts } from "../../../sandbox/jambonz/routing.ts";
import { invite } from "./bench.ts";

function setUp() {
  const account = emptyAccount();
  const calls = addApplication(account, "trunkline", "http://127.0.0.1:1/livekit-api");
  const legs = addApplication(account, "agent-leg", "http://127.0.0.1:1/livekit-api/agent-leg");
  const phone = addCarrier(account, "Schmidtkom", { application_sid: calls.application_sid });
  addGateway(account, phone);
  const digest = { inbound_auth_username: "livekit", inbound_auth_password: "secret" };
  const livekit = addCarrier(account, "LiveKit-dev", {
    trunk_type: "auth",
    application_sid: legs.application_sid,
    ...digest,
  });
  return { account, calls, legs, phone, livekit };
}

test("a number from a gateway's address goes to the carrier's application", () => {
  const { account, calls, phone } = setUp();
  expect(routeInvite(account, invite("in-1", "+4989100"))).toEqual({
    kind: "trunk",
    carrier: phone,
    application: calls,
  });
});

test("the number's own application goes before the carrier's, with and without '+', exact before pattern", () => {
  const { account, phone } = setUp();
  const own = addApplication(account, "own", "http://127.0.0.1:1/own");
  const area = addApplication(account, "area", "http://127.0.0.1:1/area");
  addNumber(account, phone, "4989*", area);
  addNumber(account, phone, "4989100", own);
  expect(routeInvite(account, invite("in-1", "+4989100"))).toMatchObject({ application: own });
  expect(routeInvite(account, invite("in-1", "4989100"))).toMatchObject({ application: own });
  expect(routeInvite(account, invite("in-1", "+4989777"))).toMatchObject({ application: area });
});

test("the same number at two carriers with the same gateway is refused with 503", () => {
  const { account, calls, phone } = setUp();
  const twin = addCarrier(account, "twin");
  addGateway(account, twin, { ipv4: "127.0.0.0", netmask: 8 });
  addNumber(account, phone, "4989100", calls);
  addNumber(account, twin, "4989100", calls);
  expect(routeInvite(account, invite("in-1", "+4989100"))).toMatchObject({ kind: "decline", status: 503 });
});

test("LiveKit's legs are challenged in the account's realm and then belong to the auth trunk", () => {
  const { account, legs, livekit } = setUp();
  expect(routeInvite(account, invite("in-1", "call-abc"))).toEqual({
    kind: "challenge",
    realm: "127.0.0.1",
    users: { livekit: "secret" },
  });
  expect(trunkOf(account, "livekit", "call-abc")).toEqual({ kind: "trunk", carrier: livekit, application: legs });
  expect(trunkOf(account, "somebody", "call-abc")).toBeUndefined();
});

test("another realm is unknown: 404", () => {
  const { account } = setUp();
  account.sip_realm = "sbc.example.org";
  expect(routeInvite(account, invite("in-1", "call-abc"))).toEqual({ kind: "decline", status: 404 });
});

test("an inactive account takes no calls", () => {
  const { account } = setUp();
  account.is_active = 0;
  expect(routeInvite(account, invite("in-1", "+4989100"))).toMatchObject({ kind: "decline", status: 503 });
});

test.each([
  ["sip:+49@127.0.0.1:5060;user=phone", { user: "+49", host: "127.0.0.1" }],
  ["sips:call%2D1@sbc.example.org", { user: "call-1", host: "sbc.example.org" }],
  ["sip:sbc.example.org", { user: "", host: "sbc.example.org" }],
  ["tel:+49", { user: "", host: "" }],
])("%s", (uri, parts) => {
  expect(uriParts(uri)).toEqual(parts);
});
