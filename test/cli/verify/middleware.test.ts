import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { MiddlewareCalls } from "../../../cli/verify/middleware.ts";
import { dialledCall, type Service, startService } from "../../service/middleware/support.ts";

const TOKEN = "a-long-token";

describe("calls, from the middleware itself", () => {
  let service: Service;
  let url: string;
  let callId: string;
  beforeAll(async () => {
    service = startService({ callsToken: TOKEN });
    callId = await dialledCall(service);
    url = await service.app.listen({ host: "127.0.0.1", port: 0 });
  });
  afterAll(() => service.app.close());

  test("the recent and the active ones, and one of them", async () => {
    const calls = new MiddlewareCalls(url, TOKEN);
    expect((await calls.recent()).map(({ id }) => id)).toEqual([callId]);
    expect((await calls.active()).map(({ id }) => id)).toEqual([callId]);
    expect(await calls.read(callId)).toMatchObject({ id: callId, state: "dialling" });
  });

  test("all active ones, page after page", async () => {
    const ids = [callId];
    for (let more = 0; more < 500; more += 1) ids.push(await dialledCall(service));
    const active = await new MiddlewareCalls(url, TOKEN).active();
    expect(new Set(active.map(({ id }) => id))).toEqual(new Set(ids));
  });

  test("without the token it says which variable is missing", async () => {
    await expect(new MiddlewareCalls(url, undefined).recent()).rejects.toMatchObject({
      code: "API_REFUSED",
      hint: expect.stringContaining("CALLS_TOKEN"),
    });
  });
});

test("a list of active calls that does not end is an error, never a part of it", async () => {
  const server = createServer((_request, response) => response.end(JSON.stringify({ calls: [], next: "again" })));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const calls = new MiddlewareCalls(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, undefined);
  await expect(calls.active()).rejects.toMatchObject({ code: "ANSWER_INVALID" });
  server.close().closeAllConnections();
});
