import { agentReady } from "../../../providers/deploy/agent-ready.ts";
import { AGENT_NAME } from "../../../service/shared/index.ts";
import { AgentBench } from "../../service/agent/worker.ts";

/** The real agent on a real livekit-server. */

const BUILD = "0123456789abcdef";
const environment = { ...process.env };
const bench = new AgentBench();
const inputs = (limitSeconds: number) => ({
  host: bench.livekit.url,
  agentName: AGENT_NAME,
  buildHash: BUILD,
  app: "my-agent",
  limitSeconds,
});

beforeAll(async () => {
  await bench.start();
  const { url, apiKey, apiSecret } = bench.livekit;
  Object.assign(process.env, { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret });
}, 60_000);

afterAll(async () => {
  process.env = environment;
  await bench.stop();
});

test("another build than the wanted one fails, and says which one joined", async () => {
  await expect(agentReady.create(inputs(2))).rejects.toThrow(
    /^NOT_READY: my-agent was not ready within 2 s: .*but build "unknown" joined.*heroku logs --app my-agent/,
  );
}, 30_000);

test("the wanted build is ready; read tells which one runs; no probe room is left", async () => {
  await bench.worker.stop();
  bench.lines.length = 0;
  await bench.startWorker({ BUILD_HASH: BUILD });
  await bench.event("agent.registered");
  await expect(agentReady.create(inputs(20))).resolves.toMatchObject({ id: "my-agent" });
  const state = { ...inputs(20), buildHash: "fedcba9876543210" };
  expect((await agentReady.read("my-agent", state))?.inputs.buildHash).toBe(BUILD);
  expect(await bench.rooms.listRooms()).toEqual([]);
}, 60_000);
