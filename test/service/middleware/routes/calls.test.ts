import { CSV_TYPE } from "../../../../service/middleware/routes/calls-csv.ts";
import { buildServer } from "../../../../service/middleware/server.ts";
import { MemoryStore } from "../../../../service/middleware/store/memory-store.ts";
import { inPhase, record } from "../store/store-contract.ts";
import {
  CALLER_SID,
  callerInvite,
  collecting,
  dialledCall,
  eventually,
  LEG_SID,
  ScriptedRooms,
  type Service,
  send,
  startService,
  testConfig,
} from "../support.ts";

let service: Service;
afterEach(() => service.app.close());

const list = (query = "", authorization?: string) =>
  send(service.app, `/livekit-api/calls${query}`, { headers: authorization === undefined ? {} : { authorization } });
const rowsOf = (csv: string) => csv.split("\r\n").slice(0, -1);
const idsOf = async (query: string) => (await list(query)).json().calls.map(({ id }) => id);

/** A service whose store holds these calls, `c<n>` begun n seconds after the first. */
async function withCalls(...phases: Parameters<typeof inPhase>[0][]): Promise<void> {
  const store = new MemoryStore();
  for (const [index, phase] of phases.entries()) {
    await store.create(record(`c${index}`, `s${index}`, Date.now() - 60_000 + index * 1_000));
    await store.update(`c${index}`, inPhase(phase));
  }
  const rooms = new ScriptedRooms();
  rooms.liveRooms = phases.map((_, index) => ({
    callId: `c${index}`,
    createdAt: Date.now(),
    isStandby: false,
    isMarked: true,
  }));
  const app = buildServer({ config: testConfig(), store, rooms, log: collecting([]) });
  await app.ready();
  service = { ...startService(), app };
}

describe("GET /livekit-api/calls", () => {
  test("lists active calls with their time line, the caller masked", async () => {
    service = startService();
    const callId = await dialledCall(service);
    const { calls } = (await list()).json();
    expect(calls).toMatchObject([
      {
        id: callId,
        state: "dialling",
        flow: "callback",
        caller: "+*******456",
        called: "+4989654321",
        carrier: "schmidtkom",
        agent: { name: "my-telephony-agent", ready: true },
        startedAt: expect.any(Number),
      },
    ]);
    const events = calls[0]?.timeline.map((entry) => entry.event);
    expect(events?.slice(0, 3)).toEqual(["webhook.received", "room.created", "agent.ready"]);
  });

  test("is empty without calls", async () => {
    service = startService();
    expect((await list()).json()).toEqual({ calls: [] });
  });

  test("shows whole numbers to the bearer of the token", async () => {
    service = startService({ callsToken: "a-long-token" });
    await service.hook("/livekit-api", callerInvite());
    expect((await list("", "Bearer a-long-token")).json().calls[0]?.caller).toBe("+4930123456");
  });

  test("filters by state: active ones unless asked otherwise", async () => {
    await withCalls("ended", "talking", "fallback");
    expect(await idsOf("")).toEqual(["c2", "c1"]);
    expect(await idsOf("?state=all")).toEqual(["c2", "c1", "c0"]);
    expect(await idsOf("?state=ended")).toEqual(["c0"]);
    expect(await idsOf("?state=fallback,talking")).toEqual(["c2", "c1"]);
  });

  test("gives out pages, each with the way to the next", async () => {
    await withCalls("talking", "talking", "talking");
    const first = (await list("?limit=2")).json() as unknown as { calls: { id: string }[]; next: string };
    expect(first.calls.map(({ id }) => id)).toEqual(["c2", "c1"]);
    const second = (await list(`?limit=2&cursor=${first.next}`)).json();
    expect(second).toMatchObject({ calls: [{ id: "c0" }] });
    expect(second).not.toHaveProperty("next");
  });

  test("gives the calls of a stretch of time, in any zone", async () => {
    await withCalls("ended", "ended", "ended");
    const { calls } = JSON.parse((await list("?state=ended")).body) as { calls: { startedAt: number }[] };
    const [newest = 0, middle = 0] = calls.map(({ startedAt }) => startedAt);
    const zoned = `${new Date(newest + 3_600_000).toISOString().slice(0, -1)}%2B01:00`;
    const from = new Date(middle).toISOString();
    expect(await idsOf(`?state=ended&from=${from}`)).toEqual(["c2", "c1"]);
    expect(await idsOf(`?state=ended&from=${from}&to=${zoned}`)).toEqual(["c1"]);
  });

  test("gives a table, page by page", async () => {
    await withCalls("ended", "ended", "ended");
    const first = await list("?state=ended&format=csv&limit=2");
    expect([first.header("content-type"), first.header("content-disposition")]).toEqual([
      CSV_TYPE,
      'attachment; filename="calls.csv"',
    ]);
    expect(rowsOf(first.body).map((row) => row.split(",").slice(0, 2).join())).toEqual([
      "id,state",
      "c2,ended",
      "c1,ended",
    ]);
    const [, next = ""] = /^<\/livekit-api\/calls(\?.+)>; rel="next"$/.exec(first.header("link") ?? "") ?? [];
    const second = await list(next);
    expect([rowsOf(second.body).length, second.header("link")]).toEqual([2, null]);
  });

  test.each([
    "state=fax",
    "limit=0",
    "limit=501",
    "limit=x",
    "cursor=nonsense",
    "state=",
    "format=xml",
    "from=yesterday",
    "to=2026-11-28",
    "from=2026-11-28T10:00:00",
    "from=2026-11-28T10:00:00Z&to=2026-11-28T10:00:00Z",
  ])("refuses ?%s", async (query) => {
    service = startService();
    const answer = await list(`?${query}`);
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, "QUERY_INVALID"]);
  });
});

describe("GET /livekit-api/calls/:id", () => {
  test("shows one call, also after its end, with its outcome", async () => {
    service = startService();
    const callId = await dialledCall(service);
    expect((await send(service.app, `/livekit-api/calls/${callId}`)).json()).toMatchObject({ id: callId });
    await service.hook("/livekit-api/status", { call_sid: CALLER_SID, call_status: "completed" });
    const ended = (await send(service.app, `/livekit-api/calls/${callId}`)).json();
    expect(ended).toMatchObject({ state: "ended", outcome: "abandoned", endedAt: expect.any(Number) });
  });

  test.each([
    ["while LiveKit rings was not reached", ["trying", "ringing"], "abandoned"],
    ["after the answer had the agent", ["trying", "ringing", "in-progress"], "agent"],
  ])("a caller who leaves a dial %s", async (_when, statuses, outcome) => {
    service = startService({ callFlow: "dial" });
    await service.hook("/livekit-api", callerInvite());
    const callId = service.rooms.calls[0]?.callId;
    await eventually(() => service.logged.some((line) => line.event === "agent.ready"));
    for (const call_status of statuses)
      await service.hook("/livekit-api/status", { call_sid: LEG_SID, parent_call_sid: CALLER_SID, call_status });
    await service.hook("/livekit-api/status", { call_sid: CALLER_SID, call_status: "completed" });
    const ended = (await send(service.app, `/livekit-api/calls/${callId}`)).json();
    expect(ended).toMatchObject({ state: "ended", outcome });
  });

  test("knows no other call, and no jambonz id", async () => {
    service = startService();
    await dialledCall(service);
    for (const id of ["unknown", CALLER_SID, "%00", "x".repeat(90)])
      expect((await send(service.app, `/livekit-api/calls/${id}`)).statusCode).toBe(404);
  });
});

test("GET /healthz answers without a signature", async () => {
  service = startService();
  expect((await send(service.app, "/healthz")).json()).toEqual({ status: "ok" });
});
