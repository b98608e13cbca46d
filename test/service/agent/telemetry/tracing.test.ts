import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Collector } from "./collector.ts";

jest.setTimeout(60_000);

const collector = new Collector();
beforeAll(() => collector.start());
afterAll(() => collector.stop());
beforeEach(() => void collector.requests.splice(0));

/** A traced call in a process of its own, as in a host; which packages it has loaded. */
async function trace(conversation: "echo" | "framework", environment: NodeJS.ProcessEnv): Promise<string[]> {
  const env = { PATH: process.env.PATH, NODE_ENV: "production", ...environment };
  const args = ["test/service/agent/telemetry/traced-call.ts", conversation];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 50_000 });
  const line = stdout.split("\n").findLast((text) => text.startsWith('{"loaded"')) ?? "{}";
  return (JSON.parse(line) as { loaded: string[] }).loaded;
}

test("without an endpoint nothing is loaded, and nothing sent", async () => {
  expect(await trace("echo", {})).toEqual([]);
  expect(await trace("echo", { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_SDK_DISABLED: "true" })).toEqual(
    [],
  );
  expect(collector.requests).toEqual([]);
});

test("a call is sent with its steps and metrics, and without its numbers; an echo loads none of the framework", async () => {
  const loaded = await trace("echo", { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
  expect(loaded).not.toContain("@livekit/agents/");
  expect(collector.requests[0]).toMatchObject({ path: "/v1/traces", type: "application/x-protobuf" });
  for (const text of [
    "my-telephony-agent",
    "the-call",
    "conversation",
    "trunkline.call.turnLatencyMeanMs",
    "caller_left",
  ])
    expect(collector.text).toContain(text);
  expect(collector.text).not.toContain("30123456");
  expect(collector.text).not.toContain("40654321");
});

test("the framework's spans are sent too, but not what was said", async () => {
  await trace("framework", { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_SERVICE_NAME: "our-name" });
  expect(collector.text).toContain("our-name");
  expect(collector.text).toContain("livekit-agents");
  expect(collector.text).not.toContain("Rumpelstiltskin");
});

test("a collector that is away costs nothing but its time-out", async () => {
  const startedAt = Date.now();
  await trace("echo", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" });
  expect(Date.now() - startedAt).toBeLessThan(20_000);
});
