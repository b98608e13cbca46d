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
  const own = { codecs: [], onlyListedCodecs: false, mediaTimeoutSeconds: 180 };
  for (const trunk of ["SipOutboundTrunk", "SipInboundTrunk"]) expect(engine.find(trunk).inputs).toMatchObject(own);
});
