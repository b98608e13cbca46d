import { headersToAttributes, participantAttributes } from "@trunkline/shared";
import { headerAttribute, inboundAttributes } from "../../infra/livekit-inbound.ts";

test("the trunk maps the attribute which the middleware sets", () => {
  const call = {
    callId: "id",
    flow: "callback",
    caller: "+49",
    called: "+49",
    headers: { "X-Original-Called": "+4930" },
  } as const;
  expect(participantAttributes(call)[headerAttribute("X-Original-Called")]).toBe("+4930");
});

test("the inbound trunk makes the same attributes of the headers that the middleware dials with", () => {
  const carrierHeaders = ["X-Carrier", "X-Original-Called"];
  expect(inboundAttributes(carrierHeaders)).toEqual(headersToAttributes(carrierHeaders));
});
