import { callerIdentity, callIdOfRoom, isCallId, newCallId, roomName } from "@trunkline/shared";

describe("call ids", () => {
  test("have the alphabet that SIP users, LiveKit and jambonz share, and never repeat", () => {
    const ids = Array.from({ length: 5_000 }, newCallId);
    expect(ids.filter((id) => !isCallId(id) || !/^[A-Za-z0-9][A-Za-z0-9-]{19}$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(["", "short", "a".repeat(65), "AAAAAAAAAAAAAAA'; --", "AAAAAAAAAAAAAAAA_AAA", "AAAAAAAAAAAAAAAAAAA\n"])(
    "are not %p",
    (text) => {
      expect(isCallId(text)).toBe(false);
    },
  );

  test("name the room, and can be read from it", () => {
    const id = newCallId();
    expect(callIdOfRoom(roomName(id))).toBe(id);
    expect(callerIdentity(id)).toBe(`caller-${id}`);
  });

  test.each(["", "call-", "lobby", "Call-abc"])("are not in the room name %p", (room) => {
    expect(callIdOfRoom(room)).toBeUndefined();
  });
});
