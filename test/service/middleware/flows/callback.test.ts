import { ServerError } from "livekit-server-sdk";
import { CallbackFlow } from "../../../../service/middleware/flows/callback.ts";
import { ScriptedRooms, testCalls } from "../support.ts";

const call = {
  callId: "AAAAAAAAAAAAAAAAAAAA",
  flow: "callback" as const,
  caller: "anonymous",
  called: "1",
  headers: {},
};
const settings = { calls: testCalls() };
const exhausted = () => new ServerError("Service Unavailable", "cpu exhausted", 503, "unavailable");

function connecting(...errors: Error[]) {
  const rooms = new ScriptedRooms();
  rooms.legErrors = errors;
  return { rooms, connected: new CallbackFlow(rooms, settings).connect(call) };
}

describe("connecting the agent's leg", () => {
  test("is repeated while LiveKit's CPU is exhausted", async () => {
    const { rooms, connected } = connecting(exhausted(), exhausted());
    await connected;
    expect(rooms.count("createAgentLeg")).toBe(3);
  });

  test("is given up after three repetitions", async () => {
    const { rooms, connected } = connecting(...Array.from({ length: 5 }, exhausted));
    await expect(connected).rejects.toThrow("cpu exhausted");
    expect(rooms.count("createAgentLeg")).toBe(4);
  });

  test("is not repeated after a time-out when the leg is there all the same", async () => {
    const { rooms, connected } = connecting(new Error("timeout"));
    await connected;
    expect(rooms.count("createAgentLeg")).toBe(1);
  });

  test("has failed after a time-out without a leg", async () => {
    const rooms = new ScriptedRooms();
    rooms.view = { agentReady: true, callerPresent: false };
    rooms.legErrors = [new Error("timeout")];
    await expect(new CallbackFlow(rooms, settings).connect(call)).rejects.toThrow("timeout");
    expect(rooms.count("createAgentLeg")).toBe(1);
  });
});
