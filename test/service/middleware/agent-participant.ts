import { AudioFrame, AudioSource, LocalAudioTrack, Room, TrackPublishOptions } from "@livekit/rtc-node";
import { AccessToken } from "livekit-server-sdk";
import type { LivekitServer } from "../../../sandbox/servers/livekit-server.ts";

const SAMPLE_RATE = 48_000;
const HALF_A_SECOND = SAMPLE_RATE / 2;

/** Joins a room as a participant of kind AGENT that publishes half a second of silence: what readiness is told by. */
export async function joinAsAgent(livekit: LivekitServer, room: string): Promise<Room> {
  const session = await join(livekit, room, { identity: "agent", kind: "agent" });
  const source = new AudioSource(SAMPLE_RATE, 1);
  const track = LocalAudioTrack.createAudioTrack("voice", source);
  await session.localParticipant?.publishTrack(track, new TrackPublishOptions());
  await source.captureFrame(new AudioFrame(new Int16Array(HALF_A_SECOND), SAMPLE_RATE, 1, HALF_A_SECOND));
  return session;
}

/** Joins a room as livekit-sip does for a call. */
export function joinAsLeg(livekit: LivekitServer, room: string): Promise<Room> {
  return join(livekit, room, { identity: "sip_49301234", kind: "sip" });
}

async function join(livekit: LivekitServer, room: string, who: { identity: string; kind: "agent" | "sip" }) {
  const token = new AccessToken(livekit.apiKey, livekit.apiSecret, { identity: who.identity });
  token.kind = who.kind;
  token.addGrant({ roomJoin: true, room, agent: who.kind === "agent" });
  const session = new Room();
  await session.connect(livekit.url, await token.toJwt(), { autoSubscribe: false, dynacast: false });
  return session;
}
