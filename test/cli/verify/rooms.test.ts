import { ParticipantInfo, TrackType } from "livekit-server-sdk";
import { betterLook, roomLook } from "../../../cli/verify/rooms.ts";

const SIP = 3;
const AGENT = 4;
const caller = new ParticipantInfo({
  kind: SIP,
  attributes: { "sip.callStatus": "active", "sip.callID": "SCL_1" },
});
const agent = new ParticipantInfo({ kind: AGENT, tracks: [{ type: TrackType.AUDIO }] });

test("a room with caller and agent", () => {
  expect(roomLook([caller, agent])).toEqual({ sipCallId: "SCL_1", callerActive: true, agentAudible: true });
});

test("a caller that is still ringing, an agent without a voice", () => {
  const ringing = new ParticipantInfo({ kind: SIP, attributes: { "sip.callStatus": "ringing" } });
  expect(roomLook([ringing, new ParticipantInfo({ kind: AGENT })])).toEqual({
    sipCallId: "",
    callerActive: false,
    agentAudible: false,
  });
});

test("an earlier look counts where it saw more: rooms empty before calls end", () => {
  const [full, empty] = [roomLook([caller, agent]), roomLook([agent])];
  expect(betterLook(full, empty)).toBe(full);
  expect(betterLook(empty, full)).toBe(full);
  expect(betterLook(full, undefined)).toBe(full);
});
