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

  test("without the token it says which variable is missing", async () => {
    await expect(new MiddlewareCalls(url, undefined).recent()).rejects.toMatchObject({
      code: "API_REFUSED",
      hint: expect.stringContaining("CALLS_TOKEN"),
    });
  });
});
