import { credentialsFor } from "../../../providers/livekit/environment.ts";

const keys = { LIVEKIT_API_KEY: "APIkey", LIVEKIT_API_SECRET: "secret" };

test.each(["wss://a.livekit.cloud", "https://a.livekit.cloud:443", "", undefined])(
  "LIVEKIT_URL %j fits wss://a.livekit.cloud",
  (url) => {
    const environment = url === undefined ? keys : { ...keys, LIVEKIT_URL: url };
    expect(credentialsFor("wss://a.livekit.cloud", environment)).toEqual({ apiKey: "APIkey", apiSecret: "secret" });
  },
);

test.each(["wss://b.livekit.cloud", "ws://a.livekit.cloud", "a.livekit.cloud"])("LIVEKIT_URL %j does not", (url) => {
  expect(() => credentialsFor("wss://a.livekit.cloud", { ...keys, LIVEKIT_URL: url })).toThrow(
    /^ENVIRONMENT_MISMATCH: .*Nothing was changed/,
  );
});

test("a missing key is named, the other is not shown", () => {
  const attempt = () => credentialsFor("wss://a.livekit.cloud", { LIVEKIT_API_SECRET: "the-secret" });
  expect(attempt).toThrow(/^MISSING_CREDENTIALS: LIVEKIT_API_KEY not set/);
  expect(attempt).not.toThrow(/the-secret/);
});
