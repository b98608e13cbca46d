import { connectionFrom } from "../../cli/livekit/connection.ts";
import { readCall } from "../../cli/ticket/call.ts";
import { parseSettings } from "../../infra/settings.ts";
import { transportProblems } from "../../infra/settings-transport.ts";

const SECURE = {
  livekitUrl: "wss://prod.livekit.cloud",
  jambonz: { url: "https://jambonz.example.com", middlewareUrl: "https://middleware.example.com" },
  callEvents: { url: "https://crm.example.com/calls" },
  herokuDrain: "syslog+tls://key@logs.example.com:6514",
};

test("addresses with TLS, and those of this machine, are fine", () => {
  expect(transportProblems(SECURE)).toEqual([]);
  for (const host of ["127.0.0.1:7880", "127.9.9.9", "localhost:3000", "sandbox.localhost", "[::1]:7880"])
    expect(transportProblems({ livekitUrl: `ws://${host}`, jambonz: { url: `http://${host}` } })).toEqual([]);
});

test.each(["10.0.0.1", "prod.livekit.cloud", "localhost.example.com", "127.0.0.1.example.com", "[::2]", "0.0.0.0"])(
  "nothing goes to %s in plain text",
  (host) => {
    const jambonz = { url: `http://${host}`, middlewareUrl: `http://${host}:8080` };
    const more = { callEvents: { url: `http://${host}/calls` }, herokuDrain: `syslog://key@${host}` };
    expect(transportProblems({ livekitUrl: `ws://${host}`, jambonz, ...more })).toEqual([
      "livekitUrl: is not encrypted: use wss://",
      "jambonz.url: is not encrypted: use https://",
      "jambonz.middlewareUrl: is not encrypted: use https://",
      "callEvents.url: is not encrypted: use https://",
      "herokuDrain: is not encrypted: use syslog+tls:// or https://",
    ]);
  },
);

test("a stack with such an address is refused, by whatever spelling", () => {
  for (const livekitUrl of ["ws://prod.livekit.cloud", "http://prod.livekit.cloud", "WS://PROD.livekit.cloud"]) {
    const reading = parseSettings({
      stack: "prod",
      config: {
        livekitUrl,
        sbcAddress: "sbc.example.com",
        presentedNumbers: '["+4930123456"]',
        sipUsername: "livekit",
      },
      encrypted: new Set(),
      environment: { LIVEKIT_API_KEY: "key", LIVEKIT_API_SECRET: "secret" },
    });
    expect(reading).toMatchObject({ problems: expect.arrayContaining(["livekitUrl: is not encrypted: use wss://"]) });
  }
});

test("nor does a command send a key or a token there", async () => {
  const keys = { LIVEKIT_API_KEY: "key", LIVEKIT_API_SECRET: "secret" };
  expect(() => connectionFrom({ ...keys, LIVEKIT_URL: "http://prod.livekit.cloud" })).toThrow("which is not encrypted");
  await expect(readCall("http://middleware.example.com", "id", "token")).rejects.toThrow("which is not encrypted");
});
