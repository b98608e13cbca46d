import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createStack, type LiveKit, must, type Stack, startLiveKit } from "./stack.ts";

/** The stack `local` on the real engine, against a real livekit-server that is watched through the plain SDK. */

const UP = ["up", "--yes", "--skip-preview"];
const HEAL = [...UP, "--refresh"];
const DRIFT = ["refresh", "--preview-only", "--expect-no-changes", "--diff"];
const DESTROY = ["destroy", "--yes", "--skip-preview"];

const SIP_PASSWORD = "canary/sip+password";
const CALLS_TOKEN = "token-of-the-tests";
const WEBHOOK_SECRET = "canary&webhook=secret";
const LEGACY_PASSWORD = "canary?legacy/password";

let livekit: LiveKit;
let stack: Stack;

beforeAll(async () => {
  livekit = await startLiveKit();
  stack = await createStack("local", livekit.keys);
}, 60_000);

afterAll(async () => {
  await livekit?.stop();
  stack?.remove();
});

function settings(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    livekitUrl: livekit.url,
    sbcAddress: "127.0.0.1:5099",
    sipPassword: SIP_PASSWORD,
    jambonzWebhookSecret: WEBHOOK_SECRET,
    callsToken: CALLS_TOKEN,
    ...changes,
  };
}

const trunks = () => livekit.sip.listSipOutboundTrunk();

async function onlyTrunk() {
  const [trunk, ...others] = await trunks();
  if (trunk === undefined || others.length > 0)
    throw new Error(`expected one trunk, found ${others.length + (trunk ? 1 : 0)}`);
  return trunk;
}

/** What somebody does in LiveKit's dashboard. */
async function editByHand(changes: Partial<Awaited<ReturnType<typeof onlyTrunk>>>): Promise<void> {
  const trunk = Object.assign((await onlyTrunk()).clone(), changes);
  await livekit.sip.updateSipOutboundTrunk(trunk.sipTrunkId, trunk);
}

describe("a stack that is up", () => {
  let up: string;

  beforeAll(async () => {
    stack.settings(settings());
    up = (await must(stack.pulumi(UP))).stdout;
  }, 60_000);

  test("puts out what it has, without a warning for what it has not", () => {
    expect(up).toMatch(/outboundTrunkId *: "ST_/);
    expect(up).not.toMatch(/Undefined value|middlewareUrl/);
  });

  test("has made one trunk with everything that was declared", async () => {
    const { sipTrunkId, metadata, ...trunk } = (await onlyTrunk()).toJson() as Record<string, unknown>;
    expect(sipTrunkId).toMatch(/^ST_/);
    const mark = {
      stackId: expect.stringMatching(/^[a-z2-7]{20}$/),
      project: "trunkline",
      stack: "local",
      name: "sbc",
    };
    expect(JSON.parse(String(metadata))).toEqual({ trunkline: mark });
    expect(trunk).toEqual({
      name: "trunkline-local",
      address: "127.0.0.1:5099",
      numbers: ["+493012345678"],
      authUsername: "livekit",
      authPassword: SIP_PASSWORD,
      headers: { "X-Trunkline-Stack": "local", "X-Carrier": "Schmidtkom" },
      headersToAttributes: {
        "X-Carrier": "call.header.x-carrier",
        "X-Original-Called": "call.header.x-original-called",
      },
      attributesToHeaders: {
        "call.header.x-carrier": "X-Carrier",
        "call.header.x-original-called": "X-Original-Called",
      },
      media: { encryption: "SIP_MEDIA_ENCRYPT_DISABLE", mediaTimeout: "180s" },
    });
  });

  test("gives the services their configuration, and support what it may see", async () => {
    const shown = JSON.parse((await must(stack.pulumi(["stack", "output", "--json"]))).stdout);
    expect(shown).toMatchObject({ services: "[secret]", callsToken: "[secret]" });
    expect(shown.support).toMatchObject({
      stack: "local",
      outboundTrunkId: shown.outboundTrunkId,
      callFlow: "callback",
    });

    const { stdout } = await must(stack.pulumi(["stack", "output", "services", "--json", "--show-secrets"]));
    const TRUNKLINE_STACK_ID = shown.stackId;
    expect(TRUNKLINE_STACK_ID).toMatch(/^[a-z2-7]{20}$/);
    expect(JSON.parse(stdout)).toEqual({
      middleware: {
        LIVEKIT_URL: livekit.url,
        ...livekit.keys,
        LIVEKIT_OUTBOUND_TRUNK_ID: (await onlyTrunk()).sipTrunkId,
        JAMBONZ_WEBHOOK_SECRETS: WEBHOOK_SECRET,
        CALL_FLOW: "callback",
        CALL_FLOWS: "{}",
        FALLBACK: "say",
        ALLOWED_TARGETS: "",
        MAX_CONCURRENT_CALLS: "200",
        STANDBY_ROOMS: "0",
        ANNOUNCEMENT: expect.any(String),
        CARRIER_HEADERS: "X-Carrier,X-Original-Called",
        CALL_LIMIT_SECONDS: "3600",
        MEDIA_TIMEOUT_SECONDS: "180",
        SPEECH: JSON.stringify({ "*": { language: "en" } }),
        UNANSWERED_APOLOGY: "false",
        CALLER_IDS: JSON.stringify({ "*": "+493012345678" }),
        TRUNKLINE_COUNTRY: "DE",
        TRUNKLINE_STACK: "local",
        TRUNKLINE_STACK_ID,
      },
      agent: {
        LIVEKIT_URL: livekit.url,
        ...livekit.keys,
        TRUNKLINE_COUNTRY: "DE",
        TRUNKLINE_STACK_ID,
        AGENT_CONVERSATION: "echo",
      },
    });
  });

  test("does nothing on a second up", async () => {
    const before = (await onlyTrunk()).toJsonString();
    const { code } = await stack.pulumi([...UP, "--expect-no-changes"]);
    expect(code).toBe(0);
    expect((await onlyTrunk()).toJsonString()).toBe(before);
  });

  test("tells a hand edit by field, with exit code 7, and heals it with up --refresh", async () => {
    const { sipTrunkId } = await onlyTrunk();
    await editByHand({ address: "evil.example.com", authPassword: "somebody else's" });

    const drift = await stack.pulumi(DRIFT);
    expect(drift.code).toBe(7);
    expect(drift.stdout).toMatch(/~ address\s*: "127\.0\.0\.1:5099" => "evil\.example\.com"/);
    expect(drift.stdout).toMatch(/~ authPassword\s*: \[secret\] => \[secret\]/);
    expect(drift.stdout).not.toMatch(/~ (name|headers|transport)/);

    await must(stack.pulumi(HEAL));
    expect(await onlyTrunk()).toMatchObject({ sipTrunkId, address: "127.0.0.1:5099", authPassword: SIP_PASSWORD });
    expect((await stack.pulumi(DRIFT)).code).toBe(0);
  }, 60_000);

  test("changes the trunk in place: its id stays", async () => {
    const { sipTrunkId } = await onlyTrunk();
    stack.settings(
      settings({ sbcAddress: "127.0.0.1:5098", sipTransport: "tcp", presentedNumbers: ["0049 30 / 999-8877"] }),
    );
    await must(stack.pulumi(UP));
    expect(await onlyTrunk()).toMatchObject({
      sipTrunkId,
      address: "127.0.0.1:5098",
      transport: 2,
      numbers: ["+49309998877"],
    });
  }, 30_000);

  test("sees that the trunk has vanished, and makes a new one", async () => {
    const { sipTrunkId } = await onlyTrunk();
    await livekit.sip.deleteSipTrunk(sipTrunkId);
    expect((await stack.pulumi(DRIFT)).code).toBe(7);
    await must(stack.pulumi(HEAL));
    expect((await onlyTrunk()).sipTrunkId).not.toBe(sipTrunkId);
  }, 60_000);

  test("stays with its host, until a move is said: then the old trunk goes, also where it is the same host by another name", async () => {
    const { sipTrunkId } = await onlyTrunk();
    const elsewhere = livekit.url.replace("127.0.0.1", "localhost");
    stack.settings(settings({ livekitUrl: elsewhere }));
    const refused = await stack.pulumi(UP);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain(`HOST_CHANGED: it lives in the LiveKit project at ${new URL(livekit.url).host}`);
    expect((await onlyTrunk()).sipTrunkId).toBe(sipTrunkId);

    stack.settings(settings({ livekitUrl: elsewhere, livekitMovedFrom: livekit.url }));
    const { stdout } = await must(stack.pulumi(UP));
    expect(stdout).toMatch(/SipOutboundTrunk sbc .*replaced/);
    expect((await onlyTrunk()).sipTrunkId).not.toBe(sipTrunkId);
    stack.settings(settings({ livekitMovedFrom: elsewhere }));
    await must(stack.pulumi(UP));
    await onlyTrunk();
  }, 60_000);

  test("takes the trunk that it made before a crash, and never makes a second one", async () => {
    const { sipTrunkId } = await onlyTrunk();
    await forgetTrunk();
    await must(stack.pulumi(UP));
    expect((await onlyTrunk()).sipTrunkId).toBe(sipTrunkId);
  }, 60_000);
});

/** What a kill between LiveKit's answer and the next write of the state leaves. */
async function forgetTrunk(): Promise<void> {
  const exported = JSON.parse((await must(stack.pulumi(["stack", "export", "--show-secrets"]))).stdout);
  const { deployment } = exported;
  const cleanup = (urn: string) => urn.includes("LegacySipCleanup") || urn.includes("SipOutboundTrunk");
  deployment.resources = deployment.resources.filter(({ urn }: { urn: string }) => !cleanup(urn));
  const file = join(stack.folder, "forgotten.json");
  writeFileSync(file, JSON.stringify(exported));
  await must(stack.pulumi(["stack", "import", "--file", file]));
}

describe("legacy objects", () => {
  test("are removed by id, with a full copy of each in the state; what was not named stays", async () => {
    const { sip } = livekit;
    const trunk = await sip.createSipInboundTrunk("by hand", [], {
      authUsername: "old",
      authPassword: LEGACY_PASSWORD,
    });
    const kept = await sip.createSipInboundTrunk("kept", ["+4930111222"]);
    const first = await sip.createSipDispatchRule(
      { type: "individual", roomPrefix: "old-" },
      { name: "first", trunkIds: [trunk.sipTrunkId] },
    );
    const second = await sip.createSipDispatchRule(
      { type: "direct", roomName: "lobby" },
      { name: "second", trunkIds: [kept.sipTrunkId] },
    );
    const dispatchRuleIds = [first.sipDispatchRuleId, second.sipDispatchRuleId];
    stack.settings(settings({ legacy: { inboundTrunkIds: [trunk.sipTrunkId, "ST_gone"], dispatchRuleIds } }));

    const { stdout } = await must(stack.pulumi(UP));

    expect(stdout).not.toContain(LEGACY_PASSWORD);
    expect((await sip.listSipInboundTrunk()).map(({ name }) => name)).toEqual(["kept"]);
    expect(await sip.listSipDispatchRule()).toEqual([]);
    const copies = (await removedCopies()).map(({ id, object }) => [id, object.name, object.authPassword]);
    expect(copies.sort()).toEqual(
      [
        [trunk.sipTrunkId, "by hand", LEGACY_PASSWORD],
        [first.sipDispatchRuleId, "first", undefined],
        [second.sipDispatchRuleId, "second", undefined],
      ].sort(),
    );
  }, 30_000);
});

async function removedCopies(): Promise<{ id: string; object: Record<string, unknown> }[]> {
  const { stdout } = await must(stack.pulumi(["stack", "export", "--show-secrets"]));
  const { resources } = JSON.parse(stdout).deployment;
  const cleanup = resources.find(({ urn }: { urn: string }) => urn.includes("LegacySipCleanup"));
  return JSON.parse(cleanup.outputs.copies.plaintext);
}

describe("the state that the engine exports", () => {
  let text: string;
  beforeAll(async () => {
    text = (await must(stack.pulumi(["stack", "export"]))).stdout;
  });

  test.each(["sip", "webhook", "legacy", "livekit"])("holds no secret, in no spelling (%s)", (name) => {
    const canary =
      { sip: SIP_PASSWORD, webhook: WEBHOOK_SECRET, legacy: LEGACY_PASSWORD, livekit: livekit.apiSecret }[name] ?? "";
    for (const spelling of spellings(canary)) expect(text).not.toContain(spelling);
  });

  test("holds no path of this machine", () => {
    expect(text).toContain("project:///infra/livekit.ts#");
    expect(text).not.toContain(process.cwd());
    expect(text).not.toMatch(/file:|\/home\/|\/root\/|\/tmp\//);
  });

  test("holds of the code only stubs that call the installed package", () => {
    const { resources } = JSON.parse(text).deployment;
    const all = resources.flatMap((resource: Declared) => [resource.inputs?.__provider, resource.outputs?.__provider]);
    const stubs = new Set<string>(all.filter((stub: unknown) => stub !== undefined));
    expect(stubs.size).toBe(3);
    for (const stub of stubs) {
      expect(stub.length).toBeLessThan(2_500);
      expect(stub.match(/require\([^)]*\)/g)).toEqual(Array(6).fill('require("@trunkline/providers")'));
      expect(stub).not.toMatch(/fetch|twirp|process\.env|Error/);
    }
  });
});

interface Declared {
  urn: string;
  inputs?: { __provider?: string };
  outputs?: { __provider?: string };
}

/** As written, URL-encoded, and in base64 at each of the three offsets it can have inside a longer text. */
function spellings(secret: string): string[] {
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.from("\0".repeat(shift) + secret).toString("base64");
    return encoded.slice(shift === 0 ? 0 : 4, -4);
  });
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...base64];
}

describe("a wrong environment changes nothing", () => {
  let before: string;
  const snapshot = async () => {
    const { stdout } = await must(stack.pulumi(["stack", "export", "--show-secrets"]));
    const declared = JSON.parse(stdout).deployment.resources.map(({ urn, outputs }: Declared) => [urn, outputs]);
    return JSON.stringify([(await trunks()).map((trunk) => trunk.toJson()), declared]);
  };
  beforeAll(async () => {
    stack.settings(settings());
    before = await snapshot();
  });

  test.each([
    ["a key of another project", { LIVEKIT_API_KEY: "APIother" }, HEAL],
    ["a wrong secret", { LIVEKIT_API_SECRET: "another-secret-of-some-length-000000" }, DESTROY],
    ["LIVEKIT_URL of another project", { LIVEKIT_URL: "wss://other.livekit.cloud" }, HEAL],
    ["LIVEKIT_URL of another project", { LIVEKIT_URL: "wss://other.livekit.cloud" }, DESTROY],
  ])(
    "%s",
    async (_what, environment, command) => {
      const { code, stdout, stderr } = await stack.pulumi(command, environment);
      expect(code).toBe(1);
      expect(stdout + stderr).toContain("ENVIRONMENT_MISMATCH: ");
      expect(stdout + stderr).not.toMatch(/^\s+at .*:\d+/m);
      expect(stdout + stderr).not.toContain(livekit.apiSecret);
      expect(await snapshot()).toBe(before);
    },
    30_000,
  );

  test("all problems of the settings are told at once, without a stack trace", async () => {
    stack.settings(
      settings({ sbcAddress: "sip:sbc", callFlow: "both", presentedNumbers: ["030 123"], trunkheader: {} }),
    );
    const { code, stdout } = await stack.pulumi(UP, { LIVEKIT_API_KEY: undefined });
    expect(code).toBe(1);
    for (const name of ["sbcAddress", "callFlow", "presentedNumbers.0", "trunkheader", "LIVEKIT_API_KEY"])
      expect(stdout).toContain(`- ${name}: `);
    expect(stdout).not.toMatch(/^\s+at .*:\d+/m);
    expect(await snapshot()).toBe(before);
  }, 30_000);
});

describe("destroy", () => {
  test("leaves nothing of ours, and what is not ours", async () => {
    stack.settings(settings());
    const { stdout } = await must(stack.pulumi(DESTROY));
    expect(stdout).toContain("deleted");
    expect(await trunks()).toEqual([]);
    expect((await livekit.sip.listSipInboundTrunk()).map(({ name }) => name)).toEqual(["kept"]);
  }, 30_000);
});
