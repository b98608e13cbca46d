import fc from "fast-check";
import { signatureHeader } from "../../../../service/middleware/jambonz/signature.ts";
import { runs } from "../../../hostile/texts.ts";
import { callerInvite, postJson, ScriptedRooms, SECRET, type Service, startService } from "../support.ts";

let service: Service;
afterEach(() => service.app.close());

const HOOKS = ["", "/agent-leg", "/wait", "/queue-left", "/status"].map((name) => `/livekit-api${name}`);
const now = () => Date.now() / 1_000;

const post = (url: string, body: string | Buffer<ArrayBuffer>, signature?: string) =>
  postJson(service.app, url, body, signature);

describe("a jambonz hook", () => {
  test.each(HOOKS)("%s refuses what is not signed, signed wrongly, or signed long ago", async (url) => {
    service = startService();
    const body = Buffer.from(JSON.stringify(callerInvite()));
    const refused = {
      SIGNATURE_MISSING: undefined,
      SIGNATURE_MALFORMED: "v1=00",
      SIGNATURE_MISMATCH: signatureHeader("another secret", body, now()),
      SIGNATURE_EXPIRED: signatureHeader(SECRET, body, now() - 301),
    };
    for (const [code, signature] of Object.entries(refused)) {
      const response = await post(url, body, signature);
      expect([response.statusCode, response.json().error.code]).toEqual([401, code]);
    }
    expect(service.rooms.done).toEqual([]);
  });

  test("is signed over the bytes as they came, blanks and all", async () => {
    service = startService();
    const body = Buffer.from(`  ${JSON.stringify(callerInvite(), undefined, 3)}\n`);
    expect((await post("/livekit-api", body, signatureHeader(SECRET, body, now()))).statusCode).toBe(200);
  });

  test("may be signed with any of several secrets", async () => {
    service = startService({ webhookSecrets: ["old", SECRET] });
    expect((await service.hook("/livekit-api", callerInvite())).statusCode).toBe(200);
  });

  test("needs no signature where no secret is configured", async () => {
    service = startService({ webhookSecrets: [] });
    expect((await post("/livekit-api", JSON.stringify(callerInvite()))).statusCode).toBe(200);
  });

  test("refuses a body above 256 KiB before it is verified, and reads none where no signature can be", async () => {
    service = startService();
    const body = Buffer.alloc(256 * 1_024 + 1, " ");
    expect((await post("/livekit-api", body, signatureHeader(SECRET, body, now()))).statusCode).toBe(413);
    expect((await post("/livekit-api", body)).statusCode).toBe(401);
  });

  test.each(HOOKS)("%s refuses a signed body without a call_sid and names the field", async (url) => {
    service = startService();
    const response = await service.hook(url, { from: "+4930123456" });
    expect(response.statusCode).toBe(400);
    expect(response.json().error.message).toMatch(/call_sid/);
    expect(response.body).not.toContain("4930123456");
  });

  test("turns a failure inside into verbs: jambonz never sees a 5xx", async () => {
    const rooms = new ScriptedRooms();
    rooms.createCallRoom = () => {
      throw new Error("a bug");
    };
    service = startService({}, rooms);
    const response = await service.hook("/livekit-api", callerInvite());
    expect(response.statusCode).toBe(200);
    expect(response.json().map((verb: { verb: string }) => verb.verb)).toEqual(["say", "hangup"]);
  });

  test("answers whatever body with 2xx or 4xx", async () => {
    service = startService();
    const anything = fc.oneof(
      fc.json(),
      fc.string(),
      fc.jsonValue().map((value) => JSON.stringify({ call_sid: "x", sip: value })),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...HOOKS), anything, async (url, text) => {
        const body = Buffer.from(text);
        const { statusCode } = await post(url, body, signatureHeader(SECRET, body, now()));
        return statusCode >= 200 && statusCode < 500;
      }),
      runs(300),
    );
  });
});
