/** The shape in which this is usually written: Express, and LiveKit's room and SIP participant one after the other within the webhook. */
import { randomUUID } from "node:crypto";
import express from "express";
import { RoomServiceClient, SipClient } from "livekit-server-sdk";

const { LIVEKIT_URL = "", LIVEKIT_API_KEY, LIVEKIT_API_SECRET, LIVEKIT_OUTBOUND_TRUNK_ID = "", PORT } = process.env;
const rooms = new RoomServiceClient(LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET);
const sip = new SipClient(LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET);
const app = express();
app.use(express.json());

app.post("/livekit-api", async (request, response) => {
  const { from, to } = request.body as { from: string; to: string };
  const name = `call-${randomUUID()}`;
  await rooms.createRoom({ name, emptyTimeout: 60, metadata: JSON.stringify({ from, to }) });
  const options = { participantIdentity: from, participantName: from };
  const leg = await sip.createSipParticipant(LIVEKIT_OUTBOUND_TRUNK_ID, to, name, options);
  response.json([{ verb: "dial", target: [{ type: "sip", sipUri: `sip:${leg.sipCallId}@livekit` }] }]);
});

app.listen(Number(PORT), "127.0.0.1");
