import { callContextSchema, callRoomMetadata, roomMark, STANDBY, standbyRoomMetadata } from "@trunkline/shared";

const call = {
  callId: "a-call-id-of-20-chars",
  flow: "dial" as const,
  caller: "+4930123456",
  called: "1",
  headers: { "X-Carrier": "a" },
};

describe("a room's metadata", () => {
  test("says whose room it is, beside the call's context as agents of every version read it", () => {
    const metadata = callRoomMetadata("prod-1", call);
    expect(roomMark(metadata)).toEqual({ stack: "prod-1", isStandby: false });
    expect(callContextSchema.parse(JSON.parse(metadata))).toEqual(call);
  });

  test("says whether the room waits for a call, also without a mark as earlier versions wrote it", () => {
    expect(roomMark(standbyRoomMetadata("prod-1"))).toEqual({ stack: "prod-1", isStandby: true });
    expect(roomMark(STANDBY)).toEqual({ stack: undefined, isStandby: true });
    expect(roomMark(JSON.stringify(call))).toEqual({ stack: undefined, isStandby: false });
  });

  test.each(["", "text", "null", "[]", "7", '{"stack":7}', '{"stack":{}}', '{"standby":"yes","stack":"prod-1"}', "{"])(
    "of another application (%p) has no mark",
    (metadata) => {
      expect(roomMark(metadata)).toEqual({ stack: undefined, isStandby: false });
    },
  );
});
