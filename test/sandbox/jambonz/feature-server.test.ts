import { emptyAccount } from "../../../sandbox/jambonz/account.ts";
import { addApplication, addCarrier, addGateway } from "../../../sandbox/jambonz/account-rows.ts";
import { FeatureServer } from "../../../sandbox/jambonz/feature-server.ts";
import { invite } from "./bench.ts";
import { ScriptedEdge } from "./scripted-edge.ts";
import { WebhookApp } from "./webhook-app.ts";

let app: WebhookApp;
let answer: unknown;

beforeEach(async () => {
  app = await WebhookApp.start();
  app.answer = ({ url }) => (url === "/status" ? {} : answer);
});

afterEach(() => app.stop());

function setUp() {
  const account = emptyAccount();
  const sid = addApplication(account, "trunkline", `${app.origin}/livekit-api`).application_sid;
  const phone = addCarrier(account, "Schmidtkom", { application_sid: sid });
  addGateway(account, phone);
  const digest = { inbound_auth_username: "livekit", inbound_auth_password: "secret" };
  addCarrier(account, "LiveKit-dev", { trunk_type: "auth", application_sid: sid, ...digest });
  const edge = new ScriptedEdge();
  const server = new FeatureServer({ edge, account, localSipAddress: "127.0.0.1:5060" });
  edge.onEvent = (event) => server.handle(event);
  return { account, phone, edge, server };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
}

test("the call_hook carries the call and the INVITE as jambonz sends them", async () => {
  answer = [{ verb: "sip:decline", status: 486 }];
  const { account, phone, edge } = setUp();
  edge.onEvent(
    invite("in-1", "+4989100", [
      ["Via", "SIP/2.0"],
      ["X-CallRef", "7"],
      ["X-Application-Sid", "forged"],
    ]),
  );
  await until(() => edge.sent("decline").length > 0);
  expect(app.posts[0]?.body).toMatchObject({
    sip: {
      headers: {
        via: "SIP/2.0",
        "X-CallRef": "7",
        "X-CID": "sip-in-1",
        "X-Originating-Carrier": "Schmidtkom",
        "X-Voip-Carrier-Sid": phone.voip_carrier_sid,
        "X-Application-Sid": phone.application_sid,
      },
      method: "INVITE",
      body: "v=0",
    },
    direction: "inbound",
    from: "+4917100001",
    to: "+4989100",
    call_status: "trying",
    sip_status: 100,
    sbc_callid: "sip-in-1",
    account_sid: account.account_sid,
    originating_sip_ip: "127.0.0.1",
    originating_sip_trunk_name: "Schmidtkom",
  });
});

test.each([
  ["is no array", { verb: "hangup" }, "malformed jambonz payload: must be array"],
  ["is empty", [], "no application provided"],
  ["holds an unknown property", [{ verb: "answer", now: true }], "answer: unknown property now"],
])("a call_hook answer that %s is 480 with X-Reason, and no status event", async (_how, bad, reason) => {
  answer = bad;
  const { edge, server } = setUp();
  edge.onEvent(invite("in-1", "+4989100"));
  await until(() => server.legs === 0);
  expect(edge.sent("decline")).toEqual([
    { command: "decline", leg: "in-1", status: 480, headers: { "X-Reason": reason } },
  ]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(app.posts.map((post) => post.url)).toEqual(["/livekit-api"]);
});

test("a number without an application is 480", async () => {
  const { account, phone, edge } = setUp();
  phone.application_sid = null;
  edge.onEvent(invite("in-1", "+4989100"));
  expect(account.applications).toHaveLength(1);
  expect(edge.sent("decline")[0]).toMatchObject({ status: 480, headers: { "X-Reason": "no configured application" } });
});

test("LiveKit's leg runs its application after the digest only", async () => {
  answer = [{ verb: "answer" }];
  const { edge, server } = setUp();
  edge.onEvent(invite("in-1", "call-abc", [["X-Call-Id", "abc"]]));
  expect(edge.sent("authenticate")).toEqual([
    { command: "authenticate", leg: "in-1", realm: "127.0.0.1", users: { livekit: "secret" } },
  ]);
  expect(app.posts).toEqual([]);
  edge.onEvent({ event: "authenticated", leg: "in-1", username: "livekit" });
  await until(() => server.legs === 0);
  expect(app.posts[0]?.body).toMatchObject({ originating_sip_trunk_name: "LiveKit-dev", to: "call-abc" });
  expect(edge.log.map((entry) => entry.command.command)).toEqual(["authenticate", "answer", "hangup"]);
});

test("a leg whose password is wrong ends without a webhook", async () => {
  const { edge, server } = setUp();
  edge.onEvent(invite("in-1", "call-abc"));
  edge.onEvent({ event: "ended", leg: "in-1", by: "local" });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(app.posts).toEqual([]);
  expect(server.legs).toBe(0);
});

test("a caller who cancels while the call_hook is asked is told as no-answer before trying", async () => {
  answer = [{ verb: "pause", length: 60 }];
  const { edge, server } = setUp();
  edge.onEvent(invite("in-1", "+4989100"));
  edge.onEvent({ event: "ended", leg: "in-1", by: "cancel" });
  await until(() => app.posts.filter((post) => post.url === "/status").length === 2);
  const statuses = app.posts.filter((post) => post.url === "/status").map((post) => post.body.call_status);
  expect(statuses.sort()).toEqual(["no-answer", "trying"]); // over HTTP their order is not certain
  expect(server.legs).toBe(0);
});

test("two hundred calls leave nothing behind", async () => {
  answer = [{ verb: "answer" }, { verb: "play", url: "silence_stream://5" }];
  const { edge, server } = setUp();
  for (let i = 0; i < 200; i++) edge.onEvent(invite(`in-${i}`, "+4989100"));
  await until(() => edge.sent("hangup").length === 200);
  await until(() => server.legs === 0);
  await until(() => app.posts.filter((post) => post.body.call_status === "completed").length === 200);
});
