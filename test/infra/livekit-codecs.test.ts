import type * as Pulumi from "@pulumi/pulumi";
import { MockedEngine } from "./mocks.ts";

/** docs/SCHMIDTKOM_CODEC_FIX.md, the setting: the whole program against Pulumi's mocks. */

const environment = process.env;
afterAll(() => {
  process.env = environment;
});
jest.setTimeout(120_000);

const SECRETS = { sipPassword: "password-of-sip", jambonzWebhookSecret: "secret-of-jambonz" };
const STACK_FILE = {
  livekitUrl: "wss://dev.livekit.cloud",
  sbcAddress: "sbc.example.com",
  presentedNumbers: ["+4930123456"],
  sipUsername: "livekit",
  callFlow: "dial",
};

async function declared(settings: Record<string, unknown>): Promise<MockedEngine> {
  process.env = { ...environment, LIVEKIT_API_KEY: "key", LIVEKIT_API_SECRET: "api-secret" };
  const made = Promise.withResolvers<MockedEngine>();
  await jest.isolateModulesAsync(async () => {
    const pulumi: typeof Pulumi = await import("@pulumi/pulumi");
    const engine = new MockedEngine(pulumi);
    await engine.start("dev");
    engine.configure({ ...STACK_FILE, ...SECRETS, ...settings }, Object.keys(SECRETS));
    const { ruleId, removedLegacy } = await import("../../infra/index.ts");
    await new Promise((resolve) => pulumi.all([ruleId, removedLegacy]).apply(resolve));
    made.resolve(engine);
  });
  return made.promise;
}

test("both trunks know the one codec that the stack declares, and nothing else", async () => {
  const media = { codecs: ["PCMA/8000"], onlyListedCodecs: true };
  const engine = await declared({ media: { ...media, timeoutSeconds: 60 } });
  for (const trunk of ["SipOutboundTrunk", "SipInboundTrunk"])
    expect(engine.find(trunk).inputs).toMatchObject({ ...media, mediaTimeoutSeconds: 60 });
});

test("without the setting they have LiveKit's own", async () => {
  const engine = await declared({});
  for (const trunk of ["SipOutboundTrunk", "SipInboundTrunk"]) {
    const { codecs, onlyListedCodecs, mediaTimeoutSeconds } = engine.find(trunk).inputs;
    // What is not declared has the resource's default: no codecs beside LiveKit's own.
    expect([codecs, onlyListedCodecs, mediaTimeoutSeconds]).toEqual([undefined, undefined, 180]);
  }
});

test("of adopted trunks only what the stack file says is declared", async () => {
  const adopted = { adoptOutboundTrunk: "ST_out", adopt: { inboundTrunk: "ST_in" } };
  const optional = [
    ...["transport", "mediaEncryption", "codecs", "onlyListedCodecs", "mediaTimeoutSeconds", "attributesToHeaders"],
    ...["ringingTimeoutSeconds", "maxCallSeconds"],
  ];
  const declaredOf = (engine: MockedEngine, trunk: string) =>
    optional.filter((name) => engine.find(trunk).inputs[name] !== undefined);
  const silent = await declared(adopted);
  expect(declaredOf(silent, "SipOutboundTrunk")).toEqual([]);
  expect(declaredOf(silent, "SipInboundTrunk")).toEqual([]);
  expect(silent.find("SipOutboundTrunk").inputs.headersToAttributes).toBeUndefined();
  const saying = { sipTransport: "tls", media: { timeoutSeconds: 60 }, callLimitSeconds: 600, carrierHeaders: ["X-A"] };
  const said = await declared({ ...adopted, ...saying });
  const both = ["mediaTimeoutSeconds", "attributesToHeaders"];
  expect(declaredOf(said, "SipOutboundTrunk")).toEqual(["transport", ...both]);
  expect(declaredOf(said, "SipInboundTrunk")).toEqual([...both, "maxCallSeconds"]);
});
