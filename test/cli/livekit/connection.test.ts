import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { connectionFrom, readLiveProject } from "../../../cli/livekit/connection.ts";

const KEYS = { LIVEKIT_API_KEY: "APIkey", LIVEKIT_API_SECRET: "a-secret-that-must-not-be-shown" };
const read = (url: string) => readLiveProject(connectionFrom({ LIVEKIT_URL: url, ...KEYS }));

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** Something that answers every request in this way. */
async function answering(status: number, body: string): Promise<string> {
  server = createServer((_, response) => response.writeHead(status, { "content-type": "application/json" }).end(body));
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("what is not set is named", () => {
  expect(() => connectionFrom({ LIVEKIT_URL: "ws://127.0.0.1:7880" })).toThrow(
    expect.objectContaining({ code: "MISSING_SETTING", message: "LIVEKIT_API_KEY, LIVEKIT_API_SECRET not set" }),
  );
});

test.each(["my-project.livekit.cloud", "sip:host", "wss://host/path", "wss://key:secret@host"])(
  "%s is no URL of a project",
  (url) => {
    expect(() => connectionFrom({ LIVEKIT_URL: url, ...KEYS })).toThrow(
      expect.objectContaining({ code: "MISSING_SETTING", message: expect.not.stringContaining("key:secret") }),
    );
  },
);

test("nobody there", async () => {
  await expect(read("ws://127.0.0.1:1")).rejects.toMatchObject({
    code: "API_UNREACHABLE",
    message: expect.stringContaining("127.0.0.1:1"),
  });
});

test("a host that no name server knows", async () => {
  await expect(read("wss://trunkline.invalid")).rejects.toMatchObject({
    code: "API_UNREACHABLE",
    message: expect.stringContaining("trunkline.invalid:443"),
  });
});

test("somebody else answers there", async () => {
  await expect(read(await answering(200, "<html>hello</html>"))).rejects.toMatchObject({ code: "ANSWER_INVALID" });
});

test("the key is not one of the project's", async () => {
  const url = await answering(401, '{"code":"unauthenticated","msg":"invalid API key: APIkey"}');
  await expect(read(url)).rejects.toMatchObject({
    code: "WRONG_KEY",
    message: expect.not.stringContaining(KEYS.LIVEKIT_API_SECRET),
    hint: expect.not.stringContaining("stack"),
  });
});

test("the project answers with an error of its own", async () => {
  const url = await answering(403, `{"code":"permission_denied","msg":"no SIP for ${KEYS.LIVEKIT_API_SECRET}"}`);
  await expect(read(url)).rejects.toMatchObject({
    code: "API_REFUSED",
    message: expect.stringMatching(/403: no SIP for \[hidden\]/),
  });
});

test("what a newer LiveKit says is kept and named, not dropped", async () => {
  const items = [
    {
      sip_dispatch_rule_id: "SDR_1",
      trunk_ids: ["ST_1"],
      rule: { dispatch_rule_round_robin: { rooms: ["a"] } },
      priority: 7,
    },
  ];
  const list = JSON.stringify({ items });
  server = createServer(({ url }, response) => response.end(url?.includes("DispatchRule") ? list : '{"items":[]}'));
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const project = await read(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(project.unknown?.map(({ id, what, path }) => [id, what, path.join(".")])).toEqual([
    ["SDR_1", "rule kind", "rule.dispatch_rule_round_robin"],
    ["SDR_1", "field", "priority"],
  ]);
});

test.each([
  ["no list of another service", { items: "none" }],
  ["no service of that name", { code: "bad_route", msg: "no handler" }],
])("%s is not an empty project", async (_, body) => {
  await expect(read(await answering(200, JSON.stringify(body)))).rejects.toMatchObject({ code: "ANSWER_INVALID" });
});
