import type { FastifyInstance } from "fastify";
import { buildServer } from "../../../../service/middleware/server.ts";
import { MemoryStore } from "../../../../service/middleware/store/memory-store.ts";
import { EventStream } from "../event-stream.ts";
import { inPhase, record } from "../store/store-contract.ts";
import { collecting, eventually, ScriptedRooms, testConfig } from "../support.ts";

let store: MemoryStore;
let app: FastifyInstance;
let url: string;
const streams: EventStream[] = [];

beforeEach(async () => {
  store = new MemoryStore();
  app = buildServer({ config: testConfig(), store, rooms: new ScriptedRooms(), log: collecting([]) });
  url = `${await app.listen({ host: "127.0.0.1", port: 0 })}/livekit-api/calls/events`;
});
afterEach(async () => {
  await Promise.all(streams.splice(0).map((stream) => stream.close()));
  await app.close();
});

async function follow(lastEventId?: string): Promise<EventStream> {
  const stream = await EventStream.open(url, lastEventId === undefined ? {} : { "last-event-id": lastEventId });
  streams.push(stream);
  return stream;
}
const idsIn = (stream: EventStream, name: string) =>
  stream.named(name).flatMap(({ data }) => (data.calls ?? []).map(({ id }) => id));

describe("GET /livekit-api/calls/events", () => {
  test("begins with what is there, the last ended calls too", async () => {
    await store.create(record("a", "1"));
    await store.create(record("b", "2"));
    await store.update("b", inPhase("ended"));
    const stream = await follow();
    expect(stream.response.headers.get("content-type")).toContain("text/event-stream");
    await eventually(() => stream.named("snapshot").length === 1);
    expect(idsIn(stream, "snapshot").sort()).toEqual(["a", "b"]);
    expect(stream.named("beat")).toHaveLength(1);
  });

  test("tells every listener what changes, each change soon, several at once together", async () => {
    const [one, other] = [await follow(), await follow()];
    await eventually(() => one.named("snapshot").length + other.named("snapshot").length === 2);
    for (const id of ["a", "b", "c"]) await store.create(record(id, id));
    await eventually(() => idsIn(one, "calls").length === 3 && idsIn(other, "calls").length === 3, 1_500);
    expect(one.named("calls").length).toBeLessThan(3);
    await store.update("b", inPhase("talking"));
    await eventually(() => one.named("calls").at(-1)?.data.calls?.[0]?.state === "talking", 1_500);
  });

  test("resumes where a listener was: what was missed, once, as it is now", async () => {
    await store.create(record("before", "1"));
    const first = await follow();
    await eventually(() => first.named("snapshot").length === 1);
    const last = first.named("snapshot")[0]?.id ?? "";
    await first.close();
    await store.create(record("missed", "2"));
    await store.update("missed", inPhase("talking"));
    const again = await follow(last);
    await eventually(() => again.named("calls").length === 1);
    expect(again.named("snapshot")).toEqual([]);
    expect(again.named("calls")[0]?.data.calls).toMatchObject([{ id: "missed", state: "talking" }]);
  });

  test.each(["999999", "-1", "nonsense", ""])(
    "begins anew after %p, which this store never said",
    async (lastEventId) => {
      await store.create(record("a", "1"));
      const stream = await follow(lastEventId);
      await eventually(() => stream.named("snapshot").length === 1);
      expect(idsIn(stream, "snapshot")).toEqual(["a"]);
    },
  );

  test("says so while the store is away, and goes on when it is back", async () => {
    const stream = await follow();
    await eventually(() => stream.named("snapshot").length === 1);
    const changedSince = store.changedSince.bind(store);
    store.changedSince = () => Promise.reject(new Error("away"));
    await store.create(record("a", "1"));
    await eventually(() => stream.named("trouble").length > 0);
    store.changedSince = changedSince;
    await eventually(() => idsIn(stream, "calls").includes("a"));
  });

  test("ends when the service stops, which does not wait for its listeners", async () => {
    const stream = await follow();
    await eventually(() => stream.named("snapshot").length === 1);
    const startedAt = Date.now();
    await app.close();
    await stream.ended;
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  });
});
