import fc from "fast-check";
import { signatureHeader } from "../../../../service/middleware/jambonz/signature.ts";
import { buildServer } from "../../../../service/middleware/server.ts";
import { MemoryStore } from "../../../../service/middleware/store/memory-store.ts";
import { collecting, ScriptedRooms, SECRET, send, testConfig } from "../support.ts";

// 10 000 bodies, every one signed: whatever somebody with the secret sends, the service refuses or answers, and goes on.
jest.setTimeout(180_000);
const RUNS = 10_000;
const PATHS = [
  "",
  "/agent-leg",
  "/wait",
  "/queue-left",
  "/dial-done",
  "/fallback-done",
  "/rescue",
  "/refer",
  "/status",
];
const KEYS = ["call_sid", "from", "to", "sip", "call_status", "queue_result", "refer_details", "dial_call_status"];

const logged: Record<string, unknown>[] = [];
const app = buildServer({
  config: testConfig({ calls: { ...testConfig().calls, maxConcurrentCalls: 50 } }),
  store: new MemoryStore(),
  rooms: new ScriptedRooms(),
  log: collecting(logged),
});
afterAll(() => app.close());

const callSid = fc.constantFrom("a", "b", "c", "__proto__", "0");
const likeAHook = fc.record(
  {
    call_sid: fc.oneof(callSid, fc.string({ unit: "binary" }), fc.anything()),
    from: fc.oneof(fc.constantFrom("+4930123456", "anonymous", ""), fc.string({ unit: "grapheme" })),
    to: fc.oneof(fc.constantFrom("+4989654321", "call-x", `call-${"a".repeat(20)}`, "sip:call-@"), fc.string()),
    call_status: fc.constantFrom("trying", "in-progress", "completed", "failed", "nonsense"),
    queue_result: fc.constantFrom("bridged", "hangup", "leave", "error", null),
    dial_call_status: fc.constantFrom("completed", "no-answer", null),
    refer_details: fc.oneof(fc.record({ refer_to_user: fc.string() }), fc.constant(null)),
    originating_sip_trunk_name: fc.constantFrom("LiveKit-test", "carrier", undefined),
    sip: fc.record({ headers: fc.dictionary(fc.string(), fc.anything(), { maxKeys: 4 }) }),
  },
  { requiredKeys: [] },
);
const anyJson = fc.oneof(fc.json(), fc.dictionary(fc.constantFrom(...KEYS), fc.anything()).map(textOf));
const body = fc.oneof(
  { weight: 4, arbitrary: likeAHook.map(textOf) },
  { weight: 2, arbitrary: anyJson },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
);

/** What cannot be written as JSON (cycles, big integers) becomes something that is no JSON. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "undefined";
  } catch {
    return String(typeof value);
  }
}

test(`${RUNS} bodies: answers and refusals only, and calls are taken as ever afterwards`, async () => {
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...PATHS),
      body,
      fc.constantFrom("application/json", "text/plain", undefined),
      async (path, raw, type) => {
        const payload = Buffer.from(raw);
        const signature = signatureHeader(SECRET, payload, Date.now() / 1_000);
        const headers = { "jambonz-signature": signature, ...(type && { "content-type": type }) };
        const { statusCode } = await send(app, `/livekit-api${path}`, { method: "POST", body: payload, headers });
        statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
        return statusCode >= 200 && statusCode < 500 && Math.floor(statusCode / 100) !== 3;
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
  expect(statuses.get(200)).toBeGreaterThan(RUNS / 20);
  expect(statuses.get(400)).toBeGreaterThan(RUNS / 20);
  // A failure inside would have been answered with verbs: the log has to be without one, too.
  expect(logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  expect((await send(app, "/healthz")).statusCode).toBe(200);
});
