import { isActive, sipDetails } from "../../../service/agent/sip-attributes.ts";

const attributes = {
  "sip.callID": "SCL_8wVsS3abcdef",
  "sip.callStatus": "active",
  "sip.phoneNumber": "+4930123456",
  "sip.trunkPhoneNumber": "+4940654321",
  "sip.hostname": "127.0.0.1:5060",
  "call.id": "abc123456789012345-z",
  "call.carrier": "Schmidtkom",
  "call.header.p-asserted-identity": "<sip:+4930123456@schmidtkom.example>",
  "lk.other": "x",
};

test("SIP attributes, carrier and call details are told apart", () => {
  expect(sipDetails(attributes)).toMatchObject({
    sip: { callID: "SCL_8wVsS3abcdef", callStatus: "active", hostname: "127.0.0.1:5060" },
    carrier: "Schmidtkom",
    call: { id: "abc123456789012345-z" },
  });
});

test("what a later LiveKit may tell of a call is shown with the rest", () => {
  expect(sipDetails({ ...attributes, "sip.audioCodec": "PCMA" }).sip).toMatchObject({ audioCodec: "PCMA" });
});

test("phone numbers are masked wherever they stand", () => {
  const text = JSON.stringify(sipDetails(attributes));
  expect(text).not.toContain("30123456");
  expect(text).not.toContain("40654321");
  expect(sipDetails(attributes).sip).toMatchObject({ phoneNumber: "+*******456", trunkPhoneNumber: "+*******321" });
  expect(sipDetails(attributes).call["header.p-asserted-identity"]).toBe("<sip:+*******456@schmidtkom.example>");
});

test.each(["dialing", "ringing", "automation", "hangup"])("a caller in status %s cannot be talked to", (status) => {
  expect(isActive({ "sip.callStatus": status })).toBe(false);
});

test("an active caller can be talked to, and so can one that is not on SIP", () => {
  expect(isActive({ "sip.callStatus": "active" })).toBe(true);
  expect(isActive({})).toBe(true);
});
