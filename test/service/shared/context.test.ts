import { type CallContext, callContextSchema, participantAttributes } from "@trunkline/shared";

const CALL: CallContext = {
  callId: "AAAAAAAAAAAAAAAAAAAA",
  flow: "callback",
  caller: "+4930123456",
  called: "+4989654321",
  carrier: "schmidtkom",
  headers: { "X-Carrier": "north" },
};

describe("a call's context", () => {
  test("becomes the attributes of its SIP participant", () => {
    expect(participantAttributes(CALL)).toEqual({
      "call.id": "AAAAAAAAAAAAAAAAAAAA",
      "call.flow": "callback",
      "call.carrier": "schmidtkom",
      "sip.phoneNumber": "+4930123456",
      "sip.trunkPhoneNumber": "+4989654321",
      "call.header.x-carrier": "north",
    });
  });

  test("survives the way through job metadata", () => {
    expect(callContextSchema.parse(JSON.parse(JSON.stringify(CALL)))).toEqual(CALL);
  });

  test("needs neither carrier nor headers", () => {
    const { callId, flow, caller, called } = CALL;
    const bare = callContextSchema.parse({ callId, flow, caller, called });
    expect(Object.keys(participantAttributes(bare))).not.toContain("call.carrier");
  });

  test("refuses an unknown flow", () => {
    expect(callContextSchema.safeParse({ ...CALL, flow: "fax" }).success).toBe(false);
  });
});
