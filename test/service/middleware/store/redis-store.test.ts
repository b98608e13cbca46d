import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis as RedisClient } from "ioredis";
import { freePort } from "../../../../sandbox/processes/ports.ts";
import { accepts, waitUntilReady } from "../../../../sandbox/processes/ready.ts";
import { Supervisor } from "../../../../sandbox/processes/supervisor.ts";
import { type Redis, startRedis } from "../../../../sandbox/servers/redis.ts";
import type { Retention } from "../../../../service/middleware/store/call-store.ts";
import { RedisStore } from "../../../../service/middleware/store/redis-store.ts";
import { collecting, eventually } from "../support.ts";
import { describeStore, inPhase, record } from "./store-contract.ts";

const folder = mkdtempSync(join(tmpdir(), "redis-store-"));
const supervisor = new Supervisor({ folder });
const logged: Record<string, unknown>[] = [];
let redis: Redis;
let client: RedisClient;

beforeAll(async () => {
  redis = await startRedis(supervisor);
  client = new RedisClient(redis.url);
});
afterEach(() => Promise.all(opened.splice(0).map((store) => store.close())));
afterAll(async () => {
  client.disconnect();
  await supervisor.stopAll();
  rmSync(folder, { recursive: true, force: true });
});

const opened: RedisStore[] = [];
function open(retention?: Retention, url = redis.url, stackId = "test", verifyCertificate = true): RedisStore {
  const kept = retention && { retention };
  const store = new RedisStore({ url, stackId, stack: "test", verifyCertificate, log: collecting(logged), ...kept });
  opened.push(store);
  return store;
}

describeStore("RedisStore", open, async () => {
  await client.flushall();
});

describe("RedisStore, between instances and stacks", () => {
  test("hands a call over: another instance finds it by its leg and goes on", async () => {
    const [first, second] = [open(), open()];
    await first.create(record("handed-over", "handed-over-sid"));
    await first.close();
    await second.update("handed-over", inPhase("talking"));
    expect((await second.findBySid("handed-over-sid"))?.state.phase).toBe("talking");
  });

  test("keeps stacks of one name that share a Redis apart", async () => {
    const [prod, dev] = [open(undefined, redis.url, "one"), open(undefined, redis.url, "another")];
    await prod.create(record("one-stack", "one-stack-sid"));
    expect(await dev.get("one-stack")).toBeUndefined();
    expect(await dev.findBySid("one-stack-sid")).toBeUndefined();
  });

  test("asks Redis once to keep a call, and once for each change of what it gave", async () => {
    const store = open();
    await store.create(record("warm-up")); // the first use of a script on a connection sends its text
    await store.update("warm-up", inPhase("waiting"));
    await client.config("RESETSTAT");
    const created = record("few-trips");
    await store.create(created);
    const changed = await store.update("few-trips", inPhase("waiting"), created);
    await store.update("few-trips", inPhase("talking"), changed);
    const told = await client.info("commandstats");
    expect(told).toMatch(/cmdstat_evalsha:calls=3,/);
    expect(told).not.toMatch(/cmdstat_(hmget|eval|get):/); // what scripts do inside is counted, too: they read by HGET
  });

  test("lets every key expire but the indices", async () => {
    await client.flushall();
    const store = open();
    await store.create(record("a", "1"));
    await store.update("a", inPhase("ended"));
    const ttls = await Promise.all((await client.keys("*")).map(async (key) => [key, await client.ttl(key)] as const));
    const forEver = ttls.filter(([, ttl]) => ttl < 0).map(([key]) => key.replace(/.*:/, ""));
    expect(forEver.sort()).toEqual(["changed", "revision"]);
  });
});

describe("RedisStore without its Redis", () => {
  test("fails fast with a name while Redis is away, and works again when it is back", async () => {
    const port = await freePort();
    const store = open(undefined, `redis://127.0.0.1:${port}`);
    const startedAt = Date.now();
    await expect(store.create(record("early"))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(store.check()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(Date.now() - startedAt).toBeLessThan(2_000);

    const late = await startRedis(supervisor, { port });
    await eventually(() =>
      store.check().then(
        () => true,
        () => false,
      ),
    );
    expect((await store.create(record("late"))).created).toBe(true);

    await late.running.stop("SIGKILL");
    await expect(store.get("late")).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await startRedis(supervisor, { port });
    await eventually(() =>
      store.check().then(
        () => true,
        () => false,
      ),
    );
  });

  test("a change is told after Redis was away and came back", async () => {
    const port = await freePort();
    const first = await startRedis(supervisor, { port });
    const store = open(undefined, `redis://127.0.0.1:${port}`);
    const heard = jest.fn();
    store.onChange(heard);
    await first.running.stop("SIGKILL");
    await startRedis(supervisor, { port });
    await eventually(() =>
      store.check().then(
        () => true,
        () => false,
      ),
    );
    await eventually(async () => {
      await store.create(record(`after-${Date.now()}`));
      return heard.mock.calls.length > 1;
    });
  });
});

describe("rediss:// with a certificate that nobody signed", () => {
  let url: string;
  beforeAll(async () => {
    const port = await freePort();
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=redis", "-days", "1"];
    execFileSync("openssl", [...request, "-keyout", key, "-out", certificate], { stdio: "ignore" });
    const tls = [
      "--tls-port",
      `${port}`,
      "--tls-key-file",
      key,
      "--tls-cert-file",
      certificate,
      "--tls-auth-clients",
      "no",
    ];
    const args = ["--bind", "127.0.0.1", "--port", "0", "--save", "", "--dir", folder, ...tls];
    const running = await supervisor.start({ name: "redis-tls", command: "redis-server", args });
    await waitUntilReady(running, () => accepts(port));
    url = `rediss://127.0.0.1:${port}`;
  });

  test.each([
    [false, "works, as on Heroku, when the certificate is not verified"],
    [true, "is refused when it is"],
  ])("verifyCertificate %p %s", async (verifyCertificate) => {
    const store = open(undefined, url, "test", verifyCertificate);
    const usable = await store.check().then(
      () => true,
      () => false,
    );
    expect(usable).toBe(!verifyCertificate);
  });
});
