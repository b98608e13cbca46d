import { cpSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SipClient } from "livekit-server-sdk";
import { emptyAccount } from "../../sandbox/jambonz/account.ts";
import { type RestServer, startRest } from "../../sandbox/jambonz/rest/server.ts";
import { AGENT_NAME } from "../../service/shared/index.ts";
import { API_KEY as HEROKU_API_KEY, HerokuApi } from "../heroku-api/server.ts";
import { AgentBench } from "../service/agent/worker.ts";
import { CASES, COLUMNS, UNCHANGED } from "./replacement-matrix.ts";
import { createStack, must, type Stack } from "./stack.ts";

/**
 * Every kind of resource × everything by which the engine replaces, keeps or renames one: the real engine, livekit-server and agent, and the
 * stand-in's REST API. docs/REPLACEMENT.md is this file as a table.
 */

jest.setTimeout(180_000);

const API_KEY = "matrix-key";
const BUILD = "0123456789abcdef";
const UP = ["up", "--yes", "--skip-preview"];
const bench = new AgentBench();
let account = emptyAccount({});
let sip: SipClient;
let api: RestServer;
let otherApi: RestServer;
const heroku = new HerokuApi();
let ready: Server;
let stack: Stack;
let base: Record<string, unknown>;

beforeAll(async () => {
  await bench.start({ BUILD_HASH: BUILD });
  const { url, httpUrl, apiKey, apiSecret } = bench.livekit;
  sip = new SipClient(httpUrl, apiKey, apiSecret);
  api = await startRest({ account, apiKey: API_KEY });
  ready = createServer((_request, response) => void readiness().then((body) => response.end(JSON.stringify(body))));
  await new Promise<void>((resolve) => ready.listen(0, "127.0.0.1", resolve));
  await heroku.start();
  heroku.store.addApp({ name: "matrix-app" }).vars = { ANNOUNCEMENT: "by hand", CALL_FLOW: "dial" };
  const herokuKeys = { HEROKU_API_KEY, HEROKU_API_URL: heroku.url };
  const keys = { LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret, JAMBONZ_API_KEY: API_KEY, ...herokuKeys };
  stack = await createStack("dev", { ...keys, JAMBONZ_API_URL: undefined }, 120_000);
  cpSync("test/engine/replacement-program.ts", join(stack.project, "infra", "index.ts"));
  const legacy = await sip.createSipInboundTrunk("by hand", ["+4930999999"]);
  const trunk = await sip.createSipOutboundTrunk("adopt me", "old.example.com", ["+4930888888"], { transport: 1 });
  const adoptApplication = await applicationByHand();
  base = {
    prefix: "one",
    host: url,
    movedFrom: "",
    jambonz: api.url,
    ready: `http://127.0.0.1:${(ready.address() as AddressInfo).port}`,
    agentName: AGENT_NAME,
    build: BUILD,
    legacyId: legacy.sipTrunkId,
    adoptTrunk: trunk.sipTrunkId,
    adoptApplication,
    note: "a",
    options: {},
  };
  await up();
}, 300_000); // the servers may have to be built first

afterAll(async () => {
  stack?.remove();
  ready?.close();
  await api?.stop();
  await otherApi?.stop();
  await heroku.stop();
  await bench.stop();
});

const outboundTrunks = async () =>
  (await sip.listSipOutboundTrunk()).flatMap(({ name, sipTrunkId }) =>
    name === "matrix outbound" ? [sipTrunkId] : [],
  );

/** The trunks before the latest `up`: in a move the new one stands beside the old one, and is what services are configured with. */
let earlier: string[] = [];

/** What a service that was configured with the declared trunk says. */
async function readiness(): Promise<object> {
  const trunks = await outboundTrunks();
  return { build: BUILD, trunkId: trunks.find((id) => !earlier.includes(id)) ?? trunks[0] ?? "" };
}

async function applicationByHand(): Promise<string> {
  const hook = { url: "https://old.example.com/hook" };
  const answer = await fetch(`${api.url}/v1/Applications`, {
    method: "POST",
    headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "by hand", call_hook: hook, call_status_hook: hook }),
  });
  const { sid } = (await answer.json()) as { sid: string };
  return sid;
}

function configured(changes: object): string[] {
  return ["--config", `declared=${JSON.stringify({ ...base, ...changes })}`];
}

async function up(changes: object = {}, ...args: string[]): Promise<string> {
  earlier = await outboundTrunks();
  return (await must(stack.pulumi([...UP, ...args, ...configured(changes)]))).stdout;
}

interface Resource {
  urn: string;
  id: string;
  type: string;
  delete?: boolean;
  outputs: Record<string, unknown>;
}

const isOurs = ({ type }: Resource) => type.startsWith("pulumi-nodejs:dynamic");
const kindOf = ({ urn }: Resource) => urn.split("-").at(-1) ?? "";

async function exported() {
  const { stdout } = await must(stack.pulumi(["stack", "export", "--show-secrets"]));
  return JSON.parse(stdout) as { deployment: { resources: Resource[] } };
}

/** The outputs of each kind. There is one of each, known by its own id. */
async function stateByKind(): Promise<Record<string, Resource["outputs"]>> {
  const resources = (await exported()).deployment.resources.filter(isOurs);
  expect(resources.filter((each) => each.delete)).toEqual([]);
  expect(resources.map(kindOf).sort()).toEqual(KINDS);
  for (const { id, outputs } of resources) expect(idIn(outputs) ?? id).toBe(id);
  return Object.fromEntries(resources.map((each) => [kindOf(each), readable(each.outputs)]));
}

/** Secrets as what they are. */
function readable(outputs: Resource["outputs"]): Resource["outputs"] {
  return JSON.parse(JSON.stringify(outputs), (_key, value) => (value?.plaintext ? JSON.parse(value.plaintext) : value));
}

const idIn = (outputs: Resource["outputs"]) => outputs.sipTrunkId ?? outputs.sipDispatchRuleId ?? outputs.sid;

const KINDS = Object.values(COLUMNS)
  .flatMap((kinds) => Object.values(kinds).flat())
  .sort();

/** The ids of all live objects by kind; fails where there are two of one. */
async function live(): Promise<Record<string, string>> {
  const trunks = [...(await sip.listSipOutboundTrunk()), ...(await sip.listSipInboundTrunk())];
  const objects: [string, string][] = [
    ...trunks.map(({ name, sipTrunkId }): [string, string] => [name, sipTrunkId]),
    ...(await sip.listSipDispatchRule()).map((rule): [string, string] => [
      rule.name.replace(/ \[.*/, ""),
      rule.sipDispatchRuleId,
    ]),
    ...account.applications.map((row): [string, string] => [row.name, row.application_sid]),
    ...account.voip_carriers.map((row): [string, string] => [row.name, row.voip_carrier_sid]),
    ...account.sip_gateways.map((row): [string, string] => ["gateway", row.sip_gateway_sid]),
    ...account.phone_numbers.map((row): [string, string] => ["number", row.phone_number_sid]),
  ];
  const names = objects.map(([name]) => name);
  expect(names).toEqual([...new Set(names)]);
  return Object.fromEntries(objects.map(([name, id]) => [name.replace("matrix ", ""), id]));
}

/** One live object of each kind, whose id is in the state; what was removed, found and made once is still known; nothing is left to do. */
async function expectWhole(changes: object = {}): Promise<void> {
  const state = await stateByKind();
  const ids = Object.entries(state).filter(([, outputs]) => idIn(outputs) !== undefined);
  expect(await live()).toEqual(Object.fromEntries(ids.map(([kind, outputs]) => [kind, idIn(outputs)])));
  expect(state.legacy).toMatchObject({
    removedIds: [base.legacyId],
    copies: [{ object: { numbers: ["+4930999999"] } }],
  });
  expect(state.adopted?.found).toMatchObject({ address: "old.example.com" });
  expect(state.found?.found).toMatchObject({ name: "by hand" });
  expect(state.secret?.secret).toBe(account.webhook_secret);
  expect(state.rule?.trunkIds).toEqual([state.inbound?.sipTrunkId]);
  expect(state.app).toMatchObject({ kept: ["ANNOUNCEMENT"], adopting: { CALL_FLOW: '"dial" → "callback"' } });
  expect(state.service?.trunkId).toBe(state.outbound?.sipTrunkId);
  const { stackId } = (state.routing?.owner ?? {}) as { stackId?: string };
  expect(stackId).toMatch(/^[a-z2-7]{20}$/);
  for (const kind of ["outbound", "adopted", "inbound", "rule"]) expect(state[kind]?.owner).toMatchObject({ stackId });
  await must(stack.pulumi([...UP, "--expect-no-changes", ...configured(changes)]));
}

const urns = async () => (await exported()).deployment.resources.filter(isOurs).map(({ urn }) => urn);
const replaceAll = async () => (await urns()).flatMap((urn) => ["--replace", urn]);
const replaced = (count = KINDS.length) => new RegExp(`${count} replaced`);

test("a first up, and a second one", () => expectWhole());

test("a preview of an update in place knows every id, so that nothing fed from one looks changed", async () => {
  const { stdout } = await must(stack.pulumi(["preview", "--json", ...configured({ note: "even" })]));
  const { steps } = JSON.parse(stdout) as { steps: PlannedStep[] };
  const planned = (kind: string) => steps.find(({ urn }) => urn.endsWith(`-${kind}`));
  const ids = await live();
  // The plan lists what changes only.
  for (const kind of KINDS)
    expect([kind, planned(kind)?.op]).toEqual([kind, UNCHANGED.includes(kind) ? undefined : "update"]);
  expect(planned("service")?.newState.inputs).toMatchObject({ trunkId: ids.outbound });
  expect(planned("rule")?.newState.inputs).toMatchObject({ trunkIds: [ids.inbound] });
  expect(planned("carrier")?.newState.inputs).toMatchObject({ applicationSid: ids.application });
  expect(planned("gateway")?.newState.inputs).toMatchObject({ carrierSid: ids.carrier });
});

interface PlannedStep {
  op: string;
  urn: string;
  newState: { inputs: Record<string, unknown> };
}

test.each([
  [CASES.replace.title, {}],
  [CASES.deleteFirst.title, { deleteBeforeReplace: true }],
  [CASES.createFirst.title, { deleteBeforeReplace: false }],
  [CASES.ignore.title, { ignoreChanges: ["headers", "participantMetadata", "description"] }],
  [CASES.timeouts.title, { customTimeouts: { create: "2m", update: "2m", delete: "2m" } }],
])("%s", async (_what, options) => {
  const before = await live();
  expect(await up({ options }, ...(await replaceAll()))).toMatch(replaced());
  await expectWhole({ options });
  expect(await live()).toEqual(before);
});

test(CASES.previewed.title, async () => {
  const before = await live();
  earlier = await outboundTrunks();
  const { stdout } = await must(stack.pulumi(["up", "--yes", ...(await replaceAll()), ...configured({})]));
  for (const what of ["to replace", "replaced"]) expect(stdout).toContain(`${KINDS.length} ${what}`);
  await expectWhole();
  expect(await live()).toEqual(before);
});

test(CASES.retain.title, async () => {
  const options = { retainOnDelete: true };
  const before = await live();
  await up({ options });
  expect(await up({ options }, ...(await replaceAll()))).toMatch(replaced());
  await expectWhole({ options });
  expect(await live()).toEqual(before);
});

test(CASES.taint.title, async () => {
  const before = await live();
  await must(stack.pulumi(["state", "taint", ...(await urns()), "--yes"]));
  expect(await up()).toMatch(replaced());
  await expectWhole();
  expect(await live()).toEqual(before);
});

test(CASES.onChanges.title, async () => {
  const before = await live();
  base.note = "bc";
  const changes = { options: { replaceOnChanges: ["*"] } };
  expect(await up(changes)).toMatch(replaced(KINDS.length - UNCHANGED.length));
  await expectWhole(changes);
  expect(await live()).toEqual(before);
});

test(CASES.trigger.title, async () => {
  const before = await live();
  await up({ options: { replacementTrigger: "first" } });
  const changes = { options: { replacementTrigger: "second" } };
  expect(await up(changes)).toMatch(replaced());
  await expectWhole(changes);
  expect(await live()).toEqual(before);
});

test(CASES.with.title, async () => {
  const changes = { replacedTogether: true };
  await up(changes);
  const [trunk = ""] = (await urns()).filter((urn) => urn.endsWith("-outbound"));
  expect(await up(changes, "--replace", trunk)).toMatch(/replaced/);
  await expectWhole(changes);
});

test(CASES.protect.title, async () => {
  const changes = { options: { protect: true } };
  await up(changes);
  const before = await live();
  const runs = [
    [...UP, ...(await replaceAll()), ...configured(changes)],
    ["destroy", "--yes", "--skip-preview"],
  ];
  for (const args of runs) expect((await stack.pulumi(args)).code).not.toBe(0);
  expect(await live()).toEqual(before);
  await expectWhole(changes);
});

test(CASES.aliases.title, async () => {
  const before = await live();
  const changes = { prefix: "two", formerPrefix: "one" };
  await up(changes);
  base.prefix = "two";
  await expectWhole(changes);
  expect(await live()).toEqual(before);
});

type State = Awaited<ReturnType<typeof exported>>;

async function withResources(change: (resources: Resource[]) => object[]): Promise<void> {
  const state: State = await exported();
  const resources = change(state.deployment.resources);
  const file = join(stack.folder, "interrupted.json");
  writeFileSync(file, JSON.stringify({ ...state, deployment: { ...state.deployment, resources } }));
  await must(stack.pulumi(["stack", "import", "--file", file]));
}

test(CASES.interrupted.title, async () => {
  const before = await live();
  await withResources((all) => all.map((each) => ({ ...each, ...(isOurs(each) && { pendingReplacement: true }) })));
  await up();
  await expectWhole();
  expect(await live()).toEqual(before);
});

/** Which named no instances, and deleted the original last: an object that its replacement had taken over. */
test(CASES.pending.title, async () => {
  const before = await live();
  await withResources((all) => {
    const earlier = all.map(({ outputs: { instance: _, ...outputs } = {}, ...each }) => ({ ...each, outputs }));
    const originals = earlier.filter((each) => isOurs(each)).map((each) => ({ ...each, delete: true }));
    return [...earlier, ...originals.reverse()];
  });
  await up();
  await expectWhole();
  expect(await live()).toEqual(before);
});

test(CASES.host.title, async () => {
  const elsewhere = (url: unknown) => String(url).replace("127.0.0.1", "localhost");
  const { host, jambonz } = base;
  Object.assign(base, { host: elsewhere(host), jambonz: elsewhere(jambonz), movedFrom: host });
  await up();
  await expectWhole();
});

test("another server of Jambonz: all rows there; here is left only what was made by hand, as it was found", async () => {
  const left = account;
  account = emptyAccount({});
  otherApi = await startRest({ account, apiKey: API_KEY });
  // What was adopted here is not there: the resource makes a row of its own on the other server.
  Object.assign(base, { jambonz: otherApi.url, adoptApplication: "" });
  await up();
  const { applications, voip_carriers, sip_gateways, phone_numbers } = left;
  expect(applications).toMatchObject([{ name: "by hand", call_hook: { url: "https://old.example.com/hook" } }]);
  expect([voip_carriers, sip_gateways, phone_numbers]).toEqual([[], [], []]);
  const state = await stateByKind();
  const rows = ["application", "carrier", "found", "gateway", "number"].map((kind) => [kind, state[kind]?.sid]);
  expect(await live()).toMatchObject(Object.fromEntries(rows));
  await must(stack.pulumi([...UP, "--expect-no-changes", ...configured({})]));
});

test(CASES.destroy.title, async () => {
  await up({ options: { retainOnDelete: true } });
  const before = await live();
  await must(stack.pulumi(["destroy", "--yes", "--skip-preview"]));
  expect(await live()).toEqual(before);
});
