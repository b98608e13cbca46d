import { join } from "node:path";
import { drift } from "../../cli/commands/drift.ts";
import { emptyAccount } from "../../sandbox/jambonz/account.ts";
import { type RestServer, startRest } from "../../sandbox/jambonz/rest/server.ts";
import { recordedIO } from "../cli/recorded-io.ts";
import { BODIES, type Hostile, NOT_FOUND_PAGE, SHAPES } from "../hostile/answers.ts";
import { type HostileServer, startHostile } from "../hostile/server.ts";
import { createStack, type LiveKit, must, type Stack, startLiveKit } from "./stack.ts";

/** A stack that is up, behind proxies that begin to answer what no API answers: nothing is taken for gone, in no command. */

const account = emptyAccount({ webhookSecret: "wh_secret_hostile" });
let api: RestServer;
let livekit: LiveKit;
let project: HostileServer;
let rows: HostileServer;
let stack: Stack;
let state: string;

beforeAll(async () => {
  api = await startRest({ account, apiKey: "a-key" });
  livekit = await startLiveKit();
  project = await startHostile(livekit.httpUrl);
  rows = await startHostile(api.url);
  stack = await createStack("local", { ...livekit.keys, JAMBONZ_API_KEY: "a-key", JAMBONZ_API_URL: undefined });
  stack.settings({
    livekitUrl: project.url.replace("http", "ws"),
    sbcAddress: "127.0.0.1:5099",
    callFlow: "dial",
    sipPassword: "a/password+of+the+legs",
    jambonz: {
      url: rows.url,
      middlewareUrl: "https://middleware.example.com",
      livekitSipHost: "project.sip.livekit.cloud",
      phoneCarrier: { trunkType: "static_ip", inboundAddresses: ["192.0.2.1"] },
    },
  });
  await must(stack.pulumi(["up", "--yes", "--skip-preview"]));
  state = await exported();
}, 120_000);
afterAll(async () => {
  await Promise.all([project?.stop(), rows?.stop(), api?.stop()]);
  await livekit?.stop();
  stack?.remove();
});
afterEach(() => {
  project.answer = undefined;
  rows.answer = undefined;
});

async function exported(): Promise<string> {
  const { stdout } = await must(stack.pulumi(["stack", "export"]));
  const { deployment } = JSON.parse(stdout) as { deployment: { resources: { urn: string; id?: string }[] } };
  return JSON.stringify(deployment.resources.map(({ urn, id }) => ({ urn, id })));
}

const COMMANDS: Record<string, () => Promise<{ code: number; said: string }>> = {
  "pulumi refresh": () => pulumi("refresh", "--yes", "--run-program"),
  "pulumi preview --refresh": () => pulumi("preview", "--refresh"),
  "trunkline drift": async () => {
    const environment = {
      ...stack.env,
      TRUNKLINE_LOCAL_SETTINGS: join(stack.folder, "settings.json"),
    };
    const io = recordedIO(environment, stack.project);
    const code = await drift(["--stack", "local"], io).catch((error: Error) => {
      io.print(error.message);
      return 1;
    });
    return { code, said: io.text() };
  },
};

async function pulumi(...args: string[]): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await stack.pulumi(args);
  return { code: code ?? -1, said: stdout + stderr };
}

const ANSWERS: [string, Hostile | undefined][] = [
  ["{}", SHAPES["{}"]],
  ["lists of null", SHAPES["lists of null"]],
  ["an HTML page", BODIES["an HTML page"]],
  ["404 with an HTML page", NOT_FOUND_PAGE],
];
const SYSTEMS: [string, () => HostileServer][] = [
  ["LiveKit", () => project],
  ["Jambonz", () => rows],
];
const CASES = Object.entries(COMMANDS).flatMap(([command, run], index) =>
  SYSTEMS.map(([system, server], other) => {
    const [answer, hostile] = ANSWERS[(index + other) % ANSWERS.length] ?? [];
    return { command, system, answer, run, server, hostile };
  }),
);

test.each(CASES)(
  "$command, while $system answers $answer",
  async ({ run, server, hostile, answer }) => {
    server().answer = hostile;
    const { code, said } = await run();
    expect(code).not.toBe(0);
    expect(said).toMatch(answer?.startsWith("404") ? /ANSWER_INVALID|API_REFUSED/ : /ANSWER_INVALID/);
    expect(said).not.toMatch(/\n\s+at .*\(|was deleted/);
    server().answer = undefined;
    expect(await exported()).toBe(state);
    expect(await livekit.sip.listSipOutboundTrunk()).toHaveLength(1);
    expect(account.applications).toHaveLength(2);
  },
  120_000,
);

test("and when they answer again, nothing has changed", async () => {
  const { code, said } = await pulumi("preview", "--refresh", "--expect-no-changes");
  expect({ code, said: code === 0 ? "" : said }).toEqual({ code: 0, said: "" });
}, 60_000);

test("a destroy deletes nothing that it cannot see", async () => {
  for (const server of [project, rows]) server.answer = SHAPES["{}"];
  const { code, said } = await pulumi("destroy", "--yes");
  expect(code).not.toBe(0);
  expect(said).toContain("ANSWER_INVALID");
  for (const server of [project, rows]) server.answer = undefined;
  // LegacySipCleanup has removed nothing here, and so may end without a look.
  const real = (text: string) => (JSON.parse(text) as { urn: string }[]).filter(({ urn }) => !urn.includes("Legacy"));
  expect(real(await exported())).toEqual(real(state));
  expect(await livekit.sip.listSipOutboundTrunk()).toHaveLength(1);
  expect(account.voip_carriers).toHaveLength(2);
}, 60_000);
