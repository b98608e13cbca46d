import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drift } from "../../cli/commands/drift.ts";
import { ticket } from "../../cli/commands/ticket.ts";
import { emptyAccount } from "../../sandbox/jambonz/account.ts";
import { type RestServer, startRest } from "../../sandbox/jambonz/rest/server.ts";
import { pulumiEnvironment } from "../../sandbox/pulumi/cli.ts";
import { findOrBuild } from "../../sandbox/toolchain/binaries.ts";
import { recordedIO } from "../cli/recorded-io.ts";
import { PULUMI_FLAGS } from "./pulumi-flags.ts";
import { createStack, type LiveKit, must, type Stack, startLiveKit } from "./stack.ts";

/** `trunkline drift` on a stack in the flow `dial`: the real engine, a real livekit-server, the stand-in's Jambonz API. */

const SIP_PASSWORD = "canary/sip+password";
const API_KEY = "canary#api?key";
const account = emptyAccount({ webhookSecret: "wh_secret_canary&account" });
const folder = mkdtempSync(join(tmpdir(), "trunkline-drift-"));
const summary = join(folder, "summary.md");
let api: RestServer;
let livekit: LiveKit;
let stack: Stack;
let environment: NodeJS.ProcessEnv;
let oldRule: string;

beforeAll(async () => {
  api = await startRest({ account, apiKey: API_KEY, onWrite: () => undefined });
  livekit = await startLiveKit();
  const keys = { ...livekit.keys, JAMBONZ_API_KEY: API_KEY, JAMBONZ_API_URL: undefined };
  stack = await createStack("local", keys);
  environment = await environmentOf(stack, keys);
  oldRule = await makeOldRule();
  stack.settings(settings({ dispatchRuleIds: [oldRule] }));
  await must(stack.pulumi(["up", "--yes", "--skip-preview"]));
}, 120_000);

afterAll(async () => {
  await api?.stop();
  await livekit?.stop();
  stack?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** What somebody has who works on this stack by hand. */
async function environmentOf({ folder: workFolder }: Stack, keys: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const [pulumi, languageHost] = await Promise.all([findOrBuild("pulumi"), findOrBuild("pulumi-language-nodejs")]);
  return {
    ...process.env,
    ...pulumiEnvironment({ workFolder, pulumi, languageHost }),
    ...keys,
    LIVEKIT_URL: undefined,
    TRUNKLINE_LOCAL_SETTINGS: join(workFolder, "settings.json"),
    TRUNKLINE_WORK_FOLDER: workFolder,
    GITHUB_STEP_SUMMARY: summary,
  };
}

function settings(legacy: object): Record<string, unknown> {
  const phoneCarrier = { trunkType: "static_ip", inboundAddresses: ["192.0.2.1"] };
  const middlewareUrl = "https://middleware.example.com";
  return {
    livekitUrl: livekit.url,
    sbcAddress: "127.0.0.1:5099",
    callFlow: "dial",
    sipPassword: SIP_PASSWORD,
    jambonz: { url: `${api.url}/v1`, middlewareUrl, livekitSipHost: "project.sip.livekit.cloud", phoneCarrier },
    legacy,
  };
}

async function makeOldRule(): Promise<string> {
  const rule = await livekit.sip.createSipDispatchRule(
    { type: "direct", roomName: "lobby" },
    { name: "old rule", trunkIds: ["ST_old"] },
  );
  return rule.sipDispatchRuleId;
}

async function run(...args: string[]) {
  const io = recordedIO(environment, stack.project);
  const code = await drift(["--stack", "local", ...args], io);
  return { code, io };
}

interface Told {
  clean: boolean;
  differences: Record<string, unknown>[];
  before: Record<string, unknown>[];
}

async function json(...args: string[]): Promise<{ code: number; told: Told; text: string }> {
  const { code, io } = await run("--json", ...args);
  return { code, told: io.json() as unknown as Told, text: io.text() };
}

test("a stack that is up and that nobody has touched: exit code 0", async () => {
  const { code, io } = await run();
  expect({ code, text: io.text() }).toEqual({ code: 0, text: "Stack local: what is live is what is declared." });
}, 60_000);

test("variables by which the user has changed the CLI's own flags change nothing", async () => {
  const io = recordedIO({ ...environment, ...PULUMI_FLAGS }, stack.project);
  const code = await drift(["--stack", "local"], io);
  expect({ code, text: io.text() }).toEqual({ code: 0, text: "Stack local: what is live is what is declared." });
}, 60_000);

describe("edits and deletions by hand, then --heal", () => {
  let healed: Awaited<ReturnType<typeof json>>;

  beforeAll(async () => {
    const [outbound] = await livekit.sip.listSipOutboundTrunk();
    const [inbound] = await livekit.sip.listSipInboundTrunk();
    if (outbound === undefined || inbound === undefined) throw new Error("the stack is not up");
    const changes = { address: "evil.example.com", headers: { ...outbound.headers, "X-Carrier": "somebody" } };
    await livekit.sip.updateSipOutboundTrunk(outbound.sipTrunkId, Object.assign(outbound.clone(), changes));
    await livekit.sip.deleteSipTrunk(inbound.sipTrunkId);
    const application = account.applications.find(({ name }) => name === "trunkline-local");
    if (application?.call_hook) application.call_hook.url = "https://middleware.example.com/livekit-simple";
    healed = await json("--heal", "--summary");
  }, 120_000);

  test.each([
    [
      "an edited address",
      {
        kind: "changed",
        object: 'outbound trunk "sbc"',
        field: "address",
        declared: "127.0.0.1:5099",
        live: "evil.example.com",
      },
    ],
    ["an edited header", { kind: "changed", field: 'headers["X-Carrier"]', declared: "Schmidtkom", live: "somebody" }],
    ["a deleted trunk", { kind: "missing", system: "LiveKit", object: 'inbound trunk "dial"' }],
    [
      "an edited webhook",
      {
        kind: "changed",
        system: "Jambonz",
        object: 'application "calls"',
        field: "callHook.url",
        live: "https://middleware.example.com/livekit-simple",
      },
    ],
  ])("%s is found", (_what, difference) => {
    expect(healed.told.before).toContainEqual(expect.objectContaining(difference));
  });

  test("nothing else is; afterwards all is as declared: exit code 0", () => {
    expect(healed.told.before).toHaveLength(4);
    expect(healed).toMatchObject({ code: 0, told: { clean: true, differences: [] } });
  });

  test("the real objects are as declared", async () => {
    const [outbound] = await livekit.sip.listSipOutboundTrunk();
    expect(outbound).toMatchObject({ address: "127.0.0.1:5099", headers: { "X-Carrier": "Schmidtkom" } });
    expect(await livekit.sip.listSipInboundTrunk()).toHaveLength(1);
    const hooks = account.applications.map(({ call_hook }) => call_hook?.url);
    expect(hooks).toContain("https://middleware.example.com/livekit-api#rc=5&rp=ct,5xx");
  });

  test("the summary tells what was healed; no secret is in any report", () => {
    const text = readFileSync(summary, "utf8");
    expect(text).toContain('| missing | LiveKit inbound trunk "dial" |');
    for (const secret of [SIP_PASSWORD, API_KEY, livekit.apiSecret]) expect(text + healed.text).not.toContain(secret);
  });
});

describe("objects made by hand", () => {
  let overlap: string;
  let revived: string;

  beforeAll(async () => {
    const { sipTrunkId } = await livekit.sip.createSipInboundTrunk("overlap", [], {
      allowedNumbers: ["+4930123456"],
      allowedAddresses: ["127.0.0.0/8"],
    });
    overlap = sipTrunkId;
    revived = await makeOldRule();
  });

  test("an overlapping trunk, and a removed rule that was made again; healing does not remove what nobody has listed: exit code 2", async () => {
    const { code, told } = await json();
    expect(code).toBe(2);
    expect(told.differences).toEqual([
      expect.objectContaining({
        kind: "conflict",
        id: expect.stringContaining(overlap),
        what: expect.stringContaining("503 Try again later"),
      }),
      expect.objectContaining({ kind: "legacy", object: 'dispatch rule "old rule"', id: revived }),
      expect.objectContaining({ kind: "unmanaged", object: 'inbound trunk "overlap"', id: overlap }),
    ]);
  }, 60_000);

  test("listed as legacy, --heal removes them: exit code 0", async () => {
    stack.settings(settings({ inboundTrunkIds: [overlap], dispatchRuleIds: [oldRule, revived] }));
    const { code, told } = await json("--heal");
    expect({ code, left: told.differences }).toEqual({ code: 0, left: [] });
    expect((await livekit.sip.listSipInboundTrunk()).map(({ sipTrunkId }) => sipTrunkId)).not.toContain(overlap);
    expect((await livekit.sip.listSipDispatchRule()).map(({ sipDispatchRuleId }) => sipDispatchRuleId)).not.toContain(
      revived,
    );
  }, 120_000);
});

test("a number that somebody has sent to this stack's application in Jambonz: exit code 2, and 0 when it is allowed", async () => {
  const [phone] = account.voip_carriers.filter(({ trunk_type }) => trunk_type === "static_ip");
  const calls = account.applications.find(({ name }) => name === "trunkline-local");
  if (phone === undefined || calls === undefined) throw new Error("the stack is not up");
  const { account_sid, voip_carrier_sid } = phone;
  const stray = { phone_number_sid: randomUUID(), account_sid, voip_carrier_sid, number: "4930777" };
  account.phone_numbers.push({ ...stray, application_sid: calls.application_sid });
  const { code, told } = await json();
  expect({ code, found: told.differences }).toEqual({
    code: 2,
    found: [expect.objectContaining({ kind: "unmanaged", system: "Jambonz", id: stray.phone_number_sid })],
  });
  expect((await json("--allow", stray.phone_number_sid)).code).toBe(0);
  account.phone_numbers.pop();
}, 120_000);

test("a ticket of this stack: its ids, declared and live; no secret, no whole number", async () => {
  const io = recordedIO(environment, stack.project);
  expect(await ticket(["--stack", "local", "--for", "livekit"], io)).toBe(0);
  const [outbound] = await livekit.sip.listSipOutboundTrunk();
  const text = io.text();
  expect(text).toContain(`| outbound trunk (CreateSIPParticipant) | \`${outbound?.sipTrunkId}\` |`);
  expect(text).toContain("| address | `127.0.0.1:5099` | the same |");
  expect(text).toContain("- Hand edits: what is live is what is declared, field by field.");
  for (const secret of [SIP_PASSWORD, API_KEY, livekit.apiSecret, livekit.apiKey, "3012345678"])
    expect(text).not.toContain(secret);
}, 60_000);

test("a wrong key: could not look, which the summary says, too", async () => {
  environment = { ...environment, LIVEKIT_API_SECRET: "of-another-project-altogether-0123456789" };
  const io = recordedIO(environment, stack.project);
  await expect(drift(["--stack", "local", "--summary"], io)).rejects.toMatchObject({
    code: "CANNOT_LOOK",
    message: expect.stringMatching(/^cannot look: .* "(dial|sbc)": ENVIRONMENT_MISMATCH: /),
  });
  expect(readFileSync(summary, "utf8")).toContain("Could not look: CANNOT_LOOK: ");
}, 60_000);
