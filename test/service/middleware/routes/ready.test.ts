import { buildServer } from "../../../../service/middleware/server.ts";
import { MemoryStore } from "../../../../service/middleware/store/memory-store.ts";
import { collecting, ScriptedRooms, send, testConfig } from "../support.ts";

let app: ReturnType<typeof buildServer>;
let rooms: ScriptedRooms;
let store: MemoryStore;
beforeEach(() => {
  rooms = new ScriptedRooms();
  store = new MemoryStore();
  app = buildServer({ config: testConfig(), store, rooms, log: collecting([]) });
});
afterEach(() => app.close());

const ready = async () => {
  const { statusCode, body } = await send(app, "/readyz");
  return { statusCode, ...JSON.parse(body) };
};

describe("GET /readyz", () => {
  test("says which build with which trunk is ready", async () => {
    expect(await ready()).toEqual({
      statusCode: 200,
      status: "ready",
      build: "0123456789abcdef",
      trunkId: "ST_test",
      checks: { store: "ok", livekit: "ok", trunk: "ok", agents: "unknown", speech: "ok" },
    });
  });

  test("is not ready without the trunk", async () => {
    rooms.trunk = () => false;
    expect(await ready()).toMatchObject({ statusCode: 503, status: "not ready", checks: { livekit: "ok" } });
  });

  test("is not ready when LiveKit refuses the key", async () => {
    rooms.hasTrunk = () => Promise.reject(new Error("invalid API key"));
    expect(await ready()).toMatchObject({ statusCode: 503, checks: { livekit: "invalid API key", trunk: "unknown" } });
  });

  test("is not ready without its store, nor when a check hangs", async () => {
    store.check = () => Promise.reject(new Error("Redis could not be used"));
    rooms.hasTrunk = () => new Promise(() => undefined);
    expect(await ready()).toMatchObject({
      statusCode: 503,
      checks: { store: "Redis could not be used", livekit: "no answer within 3000 ms" },
    });
  });

  test("asks LiveKit once for many who ask at the same time", async () => {
    const asked = jest.spyOn(rooms, "hasTrunk");
    await Promise.all(Array.from({ length: 20 }, ready));
    expect(asked).toHaveBeenCalledTimes(1);
  });
});
