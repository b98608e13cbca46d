import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Supervisor } from "../../../../sandbox/processes/supervisor.ts";
import { forgetLivekitNodes } from "../../../../sandbox/servers/livekit-nodes.ts";
import { startLivekitServer } from "../../../../sandbox/servers/livekit-server.ts";
import { startRedis } from "../../../../sandbox/servers/redis.ts";
import { LiveKitClient } from "../../../../service/middleware/livekit/client.ts";
import { newCallId } from "../../../../service/shared/index.ts";

// On a real livekit-server.
jest.setTimeout(60_000);

const supervisor = new Supervisor({ folder: mkdtempSync(join(tmpdir(), "livekit-client-")) });
afterAll(async () => {
  await supervisor.stopAll();
  rmSync(supervisor.folder, { recursive: true, force: true });
});

test("a call that comes while LiveKit knows of none of its servers, as after a restart of its Redis, gets its room", async () => {
  const { port: redisPort } = await startRedis(supervisor);
  const { url, apiKey, apiSecret } = await startLivekitServer(supervisor, { redisPort });
  const client = new LiveKitClient({ url, apiKey, apiSecret, outboundTrunkId: "ST_none", callLimitSeconds: 60 });
  await forgetLivekitNodes(redisPort);
  const callId = newCallId();
  await client.createCallRoom({ callId, flow: "dial", caller: "+4930123456", called: "+4940654321", headers: {} });
  expect((await client.listCallRooms()).map((room) => room.callId)).toEqual([callId]);
});
