import { EventEmitter } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { RoomEvent } from "@livekit/rtc-node";
import { BEAT_ATTRIBUTE } from "@trunkline/shared";
import { CallEnd } from "../../../service/agent/call-end.ts";
import { livesOn } from "../../../service/agent/heartbeat.ts";
import { waitUntilActive } from "../../../service/agent/sip-participant.ts";

// What is left in a room when a livekit-server has died: a leg that says `dialing` for ever, a dead agent that stays listed.

function roomWith(identity: string, attributes: Record<string, string>) {
  const participant = { identity, attributes };
  const is = { packets: 0n };
  const received = () => ({ packetsReceived: is.packets });
  const room = Object.assign(new EventEmitter(), {
    remoteParticipants: new Map([[identity, participant]]),
    getRtcStats: async () => ({
      publisherStats: [],
      subscriberStats: [{ stats: { case: "inboundRtp", value: { stream: { kind: "audio" }, received: received() } } }],
    }),
  });
  return { room: room as never, emitter: room, participant, is };
}

describe("a leg that says `dialing`", () => {
  const waiting = () => {
    const { room, participant, is } = roomWith("caller-1", { "sip.callStatus": "dialing" });
    const end = new CallEnd();
    let isActive = false;
    const active = waitUntilActive(room, participant as never, end).then(() => {
      isActive = true;
    });
    return { is, end, active, isActive: () => isActive };
  };

  test("is active when its audio comes", async () => {
    const { is, active } = waiting();
    setTimeout(() => {
      is.packets = 40n;
    }, 300);
    await active;
  });

  test("and nothing comes from: rings, and is waited for until the call ends", async () => {
    const { end, active, isActive } = waiting();
    await pause(800);
    expect(isActive()).toBe(false);
    end.end("room_closed");
    await expect(active).rejects.toThrow("room_closed");
  });
});

describe("an earlier agent in the room", () => {
  test("whose heart stands still is dead", async () => {
    const { room } = roomWith("agent-1", { [BEAT_ATTRIBUTE]: "7" });
    expect(await livesOn(room, "agent-1")).toBe(false);
  });

  test("whose heart beats lives", async () => {
    const { room, emitter, participant } = roomWith("agent-1", { [BEAT_ATTRIBUTE]: "7" });
    setTimeout(() => {
      participant.attributes[BEAT_ATTRIBUTE] = "8";
      emitter.emit(RoomEvent.ParticipantAttributesChanged);
    }, 200);
    expect(await livesOn(room, "agent-1")).toBe(true);
  });

  test("that leaves while it is looked at keeps nobody out", async () => {
    const { room, emitter } = roomWith("agent-1", { [BEAT_ATTRIBUTE]: "7" });
    setTimeout(() => {
      emitter.remoteParticipants.clear();
      emitter.emit(RoomEvent.ParticipantDisconnected);
    }, 200);
    expect(await livesOn(room, "agent-1")).toBe(false);
  });

  test("that shows no heartbeat yet is taken to live", async () => {
    const { room } = roomWith("agent-1", {});
    expect(await livesOn(room, "agent-1")).toBe(true);
  });
});
