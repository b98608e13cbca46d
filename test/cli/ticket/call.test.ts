import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCall, readLog } from "../../../cli/ticket/call.ts";
import { CALLER_SID, dialledCall, type Service, startService } from "../../service/middleware/support.ts";

const TOKEN = "a-long-token";

describe("a call, from the middleware itself", () => {
  let service: Service;
  let url: string;
  let callId: string;
  beforeAll(async () => {
    service = startService({ callsToken: TOKEN });
    callId = await dialledCall(service);
    url = await service.app.listen({ host: "127.0.0.1", port: 0 });
  });
  afterAll(() => service.app.close());

  test("with its time line", async () => {
    const call = await readCall(url, callId, TOKEN);
    expect(call).toMatchObject({ id: callId, state: "dialling", flow: "callback" });
    expect(call.ids).toMatchObject({ room: `call-${callId}`, callSid: CALLER_SID });
    expect(call.timeline.map(({ event }) => event)).toContain("agent.ready");
  });

  test("an unknown one, a wrong token, and nobody there are told apart", async () => {
    const unknown = readCall(url, "an-unknown-call-id-0", TOKEN);
    await expect(unknown).rejects.toMatchObject({
      code: "API_REFUSED",
      message: expect.stringContaining("404 CALL_UNKNOWN: "),
    });
    const wrong = readCall(url, "an-unknown-call-id-0", "another-token");
    await expect(wrong).rejects.toMatchObject({
      message: expect.stringContaining("401 TOKEN_INVALID"),
      hint: expect.stringContaining("CALLS_TOKEN"),
    });
    await expect(readCall("http://127.0.0.1:1", "an-unknown-call-id-0", TOKEN)).rejects.toMatchObject({
      code: "API_UNREACHABLE",
    });
  });
});

describe("log lines of a call", () => {
  const folder = mkdtempSync(join(tmpdir(), "trunkline-log-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, ...lines: string[]) => {
    writeFileSync(join(folder, name), lines.join("\n"));
    return join(folder, name);
  };

  test("of several files in one order, with a router's prefix or none; ids are gathered", () => {
    const middleware = file(
      "m",
      '2026-11-22T14:00:01+00:00 app[web.1]: {"level":"info","time":2000,"callId":"the-call-id","callSid":"sid-1"}',
      '{"time":1,"callId":"another"}',
    );
    const agent = file(
      "a",
      '{"time":1000,"room":"call-the-call-id","participantId":"PA_1"}',
      "not JSON, about the-call-id",
    );
    const { lines, ids } = readLog([middleware, agent], "the-call-id");
    expect(lines.map(({ at }) => at)).toEqual([undefined, 1000, 2000]);
    expect(ids).toEqual({ callSid: "sid-1", participantId: "PA_1" });
  });

  test("the last twenty", () => {
    const lines = Array.from({ length: 50 }, (_, time) => JSON.stringify({ time, callId: "the-call-id" }));
    const read = readLog([file("long", ...lines)], "the-call-id").lines;
    expect(read.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, index) => 30 + index));
  });
});
