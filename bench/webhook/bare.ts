/** The least that can be done: a Fastify route that makes the call's room, with its agent, and answers a dial. No check, no record. */
import { randomUUID } from "node:crypto";
import Fastify from "fastify";
import { RoomAgentDispatch, RoomServiceClient } from "livekit-server-sdk";

const { LIVEKIT_URL = "", LIVEKIT_API_KEY, LIVEKIT_API_SECRET, PORT } = process.env;
const rooms = new RoomServiceClient(LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET);
const app = Fastify();

app.post("/livekit-api", async (request) => {
  const { from, to } = request.body as { from: string; to: string };
  const name = `call-${randomUUID()}`;
  const metadata = JSON.stringify({ callId: name, caller: from, called: to });
  const agents = [new RoomAgentDispatch({ agentName: "my-telephony-agent", metadata })];
  await rooms.createRoom({ name, emptyTimeout: 60, departureTimeout: 5, maxParticipants: 1, agents });
  return [{ verb: "dial", target: [{ type: "phone", number: name, trunk: "LiveKit" }], answerOnBridge: true }];
});

await app.listen({ host: "127.0.0.1", port: Number(PORT) });
