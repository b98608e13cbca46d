import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serviceReady } from "../../../providers/deploy/service-ready.ts";

const BUILD = "0123456789abcdef";
const OLD = "fedcba9876543210";
const TRUNK = "ST_new";

/** A service whose answers to `/readyz` are these, one after the other, the last one for ever. */
class Service {
  readonly #server: Server;
  readonly #answers: { status: number; body: unknown }[];
  constructor(...answers: { status: number; body: unknown }[]) {
    this.#answers = answers;
    this.#server = createServer((request, response) => {
      const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
      response.statusCode = request.url === "/readyz" ? (answer?.status ?? 500) : 404;
      response.end(JSON.stringify(answer?.body));
    });
  }
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }
  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const ready = (build = BUILD, trunkId = TRUNK) => ({ status: 200, body: { status: "ready", build, trunkId } });

async function deployed(answers: { status: number; body: unknown }[], limitSeconds: number): Promise<unknown> {
  const service = new Service(...answers);
  const url = await service.start();
  const inputs = { url, buildHash: BUILD, trunkId: TRUNK, app: "my-app", limitSeconds };
  return serviceReady.create(inputs).finally(() => service.stop());
}

test("waits through the old build and a starting one, and takes three good answers in a row", async () => {
  const starting = { status: 503, body: { status: "starting", build: BUILD, trunkId: TRUNK } };
  await expect(deployed([ready(OLD), ready(), starting, ready()], 15)).resolves.toMatchObject({ id: "my-app" });
});

test.each([
  ["another build", ready(OLD), `answered 200 {"status":"ready","build":"${OLD}","trunkId":"${TRUNK}"}`],
  ["another trunk", ready(BUILD, "ST_old"), "ST_old"],
  ["a service that is not ready", { status: 503, body: { redis: "down" } }, 'answered 503 {"redis":"down"}'],
])("fails for %s, with what it says and where to look", async (_what, answer, found) => {
  const failure = deployed([answer], 1);
  await expect(failure).rejects.toThrow(/^NOT_READY: my-app was not ready within 1 s: .*heroku logs --app my-app/);
  await expect(failure).rejects.toThrow(found);
});

test("a service that is not there fails with the reason", async () => {
  const inputs = { url: "http://127.0.0.1:1", buildHash: BUILD, trunkId: TRUNK, app: "my-app", limitSeconds: 1 };
  await expect(serviceReady.create(inputs)).rejects.toThrow(/did not answer \(.+\)/);
});

test("read tells what runs now: a deployment by hand is drift", async () => {
  const service = new Service(ready(OLD, "ST_old"));
  const state = { url: await service.start(), buildHash: BUILD, trunkId: TRUNK, app: "my-app", limitSeconds: 1 };
  const seen = await serviceReady.read("my-app", state);
  service.stop();
  expect(seen?.inputs).toEqual({ ...state, buildHash: OLD, trunkId: "ST_old" });
  expect((await serviceReady.read("my-app", state))?.inputs.buildHash).toBe("(no answer)");
});
