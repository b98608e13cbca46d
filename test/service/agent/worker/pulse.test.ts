import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type AgentPulse, agentPulseSchema } from "@trunkline/shared";
import { WebhookReceiver } from "livekit-server-sdk";
import { WorkerPulse } from "../../../../service/agent/worker/pulse.ts";
import { collecting, eventually } from "../../middleware/support.ts";

const livekit = { url: "ws://127.0.0.1:1", apiKey: "key", apiSecret: "a secret that is long enough" };

let server: Server;
let pulse: WorkerPulse;
let status: number;
let received: AgentPulse[];
let logged: Record<string, unknown>[];
beforeEach(async () => {
  [status, received, logged] = [204, [], []];
  server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const middlewareUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state = () => ({ free: 3, calls: ["call-a"] });
  pulse = new WorkerPulse({ middlewareUrl, livekit, state, log: collecting(logged) });
  pulse.start();
});
afterEach(async () => {
  pulse.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const receiver = new WebhookReceiver(livekit.apiKey, livekit.apiSecret);

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  await receiver.receive(body, request.headers.authorization); // throws unless it is signed
  received.push(agentPulseSchema.parse(JSON.parse(body)));
  response.writeHead(status).end();
}

const told = () => received.flatMap(({ news }) => news.map(({ what, callId }) => `${what} ${callId}`));
const report = (turns: number) =>
  ({ what: "report", callId: "a", report: { joinMs: 1, turns, interruptions: 0 } }) as const;

describe("WorkerPulse", () => {
  test("tells again and again that the worker lives, signed, and news at once", async () => {
    await eventually(() => received.length > 0, 1_000);
    expect(received[0]).toMatchObject({ free: 3, calls: ["call-a"], news: [] });
    pulse.tell({ what: "ready", callId: "a" });
    await eventually(() => told().length === 1, 400);
    await eventually(() => received.length > 3, 3_000);
    expect(told()).toEqual(["ready a"]);
    expect(new Set(received.map(({ worker }) => worker)).size).toBe(1);
  });

  test("tells again what a middleware that was away has not heard, of several reports the last", async () => {
    status = 503;
    pulse.tell({ what: "ready", callId: "a" });
    pulse.tell(report(1));
    pulse.tell(report(2));
    await eventually(() => received.length >= 2, 3_000);
    status = 204;
    await eventually(() => logged.length === 2, 3_000);
    expect(logged).toMatchObject([{ event: "agent.unheard", reason: "answered 503" }, { event: "agent.heard" }]);
    const heard = received.at(-1)?.news.length === 0 ? received.at(-2) : received.at(-1);
    expect(heard?.news).toEqual([{ what: "ready", callId: "a" }, report(2)]);
  });

  test("tells of a caller in silence at once, also to a middleware that has just refused to hear", async () => {
    status = 503;
    await eventually(() => logged.length === 1, 1_000);
    pulse.tell({ ...report(1), report: { ...report(1).report, legLost: true } });
    await eventually(() => told().length === 1, 400);
    await eventually(() => told().length === 2, 1_500); // and again, in its time
    expect(received.length).toBeLessThanOrEqual(4);
  });
});
