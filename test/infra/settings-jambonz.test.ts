import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSettings, type Sources } from "../../infra/settings.ts";

const jambonz = {
  url: "https://jambonz.example.com/v1/",
  middlewareUrl: "https://middleware.example.com",
  livekitSipHost: "project.sip.livekit.cloud",
  phoneCarrier: { address: "sip.schmidtkom.example", username: "4930123456" },
};

const sources: Sources = {
  stack: "dev",
  config: {
    livekitUrl: "wss://dev.livekit.cloud",
    sbcAddress: "sbc.example.com",
    presentedNumbers: '["+49 30 123456"]',
    sipUsername: "livekit",
    sipPassword: "password-of-sip",
    phoneCarrierPassword: "short",
    jambonz: JSON.stringify(jambonz),
  },
  encrypted: new Set(["sipPassword", "phoneCarrierPassword"]),
  environment: { LIVEKIT_API_KEY: "key", LIVEKIT_API_SECRET: "secret", JAMBONZ_API_KEY: "key" },
};

function read(changes: object, more: Partial<Sources> = {}) {
  const config = { ...sources.config, jambonz: JSON.stringify({ ...jambonz, ...changes }) };
  return parseSettings({ ...sources, config, ...more });
}
const problems = (...given: Parameters<typeof read>) => {
  const reading = read(...given);
  return "problems" in reading ? reading.problems : [];
};

test("the webhook secret is read from Jambonz, so the stack file needs none", () => {
  expect(read({})).toMatchObject({
    settings: {
      jambonz: {
        url: "https://jambonz.example.com",
        webhookPath: "/livekit-api",
        credentialGeneration: 1,
        phoneCarrier: { name: "Schmidtkom", trunkType: "reg", leadingPlus: true },
      },
    },
  });
});

test("the key comes from the environment only", () => {
  const { JAMBONZ_API_KEY: _, ...environment } = sources.environment;
  expect(problems({}, { environment })).toEqual(["JAMBONZ_API_KEY: is not set in the environment"]);
});

test("without a Heroku app the middleware's address has to be said, and is one without a path", () => {
  expect(problems({ middlewareUrl: undefined })).toEqual(["jambonz.middlewareUrl: is not set"]);
  expect(problems({ middlewareUrl: "https://middleware.example.com/livekit-api" })).toEqual([
    expect.stringMatching(/^jambonz\.middlewareUrl: .*without a path/),
  ]);
});

test("a carrier to register with needs an address, a user and a password", () => {
  const told = problems({ phoneCarrier: {} }, { encrypted: new Set(["sipPassword"]) });
  expect(told.map((problem) => problem.split(":")[0])).toEqual([
    "phoneCarrierPassword",
    "jambonz.phoneCarrier.address",
    "jambonz.phoneCarrier.username",
  ]);
  expect(told.join()).not.toContain("short");
});

test("a carrier that is told by its address needs addresses", () => {
  expect(problems({ phoneCarrier: { trunkType: "static_ip" } })).toEqual([
    expect.stringMatching(/^jambonz\.phoneCarrier\.inboundAddresses: are not set/),
  ]);
  const withAddresses = (...inboundAddresses: string[]) =>
    problems({ phoneCarrier: { trunkType: "static_ip", inboundAddresses } });
  const wrong = [
    "192.0.2.0/33",
    "999.0.2.1",
    "192.0.2",
    "192.0.2.7:5060",
    "2001:db8::1",
    "sip.carrier.example",
    "192.0.2.0/24/8",
    "",
    "192.0.2.07",
  ];
  for (const address of wrong)
    expect(withAddresses(address)).toEqual([expect.stringContaining("is not a valid IPv4 address")]);
  expect(withAddresses("0.0.0.0/0")).toEqual([expect.stringContaining("a large part of the internet")]);
  expect(withAddresses("192.0.2.7/24")).toEqual([expect.stringContaining("write 192.0.2.0/24")]);
  expect(withAddresses("10.20.48.0/19")).toEqual([expect.stringContaining("write 10.20.32.0/19")]);
  expect(withAddresses("192.0.2.7", "192.0.2.7/32")).toEqual([expect.stringContaining("lists a network twice")]);
  expect(withAddresses("192.0.2.7", "198.51.100.0/24", "10.20.32.0/19", "10.0.0.0/8")).toEqual([]);
  expect(problems({ phoneCarrier: { trunkType: "static_ip", inboundAddresses: ["192.0.2.0/24"] } })).toEqual([]);
});

test("what answers calls is one of two paths", () => {
  expect(problems({ webhookPath: "/other" })).toEqual([expect.stringMatching(/^jambonz\.webhookPath: /)]);
});

test("the values of one run leave what the stack file says beside them: what to adopt", () => {
  const folder = mkdtempSync(join(tmpdir(), "trunkline-settings-"));
  const file = join(folder, "settings.json");
  writeFileSync(file, JSON.stringify({ jambonz: { ...jambonz, url: "http://127.0.0.1:3000" } }));
  const adopt = { phoneCarrier: "6a4f8c57-6c27-4a3a-9f6a-2f7f0e5d3c11" };
  const environment = { ...sources.environment, TRUNKLINE_LOCAL_SETTINGS: file };
  const reading = read({ adopt }, { stack: "local", environment });
  expect(reading).toMatchObject({ settings: { jambonz: { adopt } } });
  expect(JSON.stringify(reading)).toContain("http://127.0.0.1:3000");
  rmSync(folder, { recursive: true });
});
