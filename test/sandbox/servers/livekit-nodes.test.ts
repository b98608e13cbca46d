import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RoomServiceClient } from "livekit-server-sdk";
import { Supervisor } from "../../../sandbox/processes/supervisor.ts";
import { forgetLivekitNodes } from "../../../sandbox/servers/livekit-nodes.ts";
import { startLivekitServer } from "../../../sandbox/servers/livekit-server.ts";
import { startRedis } from "../../../sandbox/servers/redis.ts";

jest.setTimeout(60_000);

const supervisor = new Supervisor({ folder: mkdtempSync(join(tmpdir(), "livekit-nodes-")) });
afterAll(async () => {
  await supervisor.stopAll();
  rmSync(supervisor.folder, { recursive: true, force: true });
});

/** With a dead server in the list, each of them would be given to it by the toss of a coin. */
const ROOMS = Array.from({ length: 12 }, (_, number) => `room-${number}`);

test("a server started right after another one was killed is given every room", async () => {
  const { port: redisPort } = await startRedis(supervisor);
  const killed = await startLivekitServer(supervisor, { redisPort });
  await killed.running.stop("SIGKILL");
  await forgetLivekitNodes(redisPort);
  const { httpUrl, apiKey, apiSecret } = await startLivekitServer(supervisor, { redisPort });
  const rooms = new RoomServiceClient(httpUrl, apiKey, apiSecret, { requestTimeout: 2 });
  await Promise.all(ROOMS.map((name) => rooms.createRoom({ name })));
  expect((await rooms.listRooms()).map(({ name }) => name).sort()).toEqual([...ROOMS].sort());
});
