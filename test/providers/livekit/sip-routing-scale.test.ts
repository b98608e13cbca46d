import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { dispatch } from "@trunkline/providers";
import { sdk } from "../../../providers/livekit/sdk.ts";

/**
 * The guard's check in a project with 10 000 live trunks, from the request to the verdict. The server is a stub that answers
 * the two list requests as livekit-server does: making 10 000 real trunks would take minutes.
 */

const TRUNKS = 10_000;
const MOST_CPU_MS = 1_000;
/** Longer than lists may be shared. */
const LISTS_FORGOTTEN_MS = 1_100;
const guard = dispatch("livekit:SipRouting");
const owner = { project: "trunkline", stack: "test", name: "routing" };
const number = (index: number) => `+4930${1_000_000 + index}`;
const id = (index: number) => `ST_${String(index).padStart(12, "0")}`;

const listed = {
  ListSIPInboundTrunk: Array.from({ length: TRUNKS }, (_, index) => ({
    sipTrunkId: id(index),
    name: `customer ${index}`,
    numbers: [number(index)],
    allowedAddresses: index % 3 === 0 ? ["192.0.2.0/24"] : [],
    authUsername: index % 2 === 0 ? `user${index}` : "",
  })),
  ListSIPDispatchRule: Array.from({ length: TRUNKS / 10 }, (_, index) => ({
    sipDispatchRuleId: `SDR_${index}`,
    name: `calls of customer ${index}`,
    trunkIds: [id(index)],
    rule: { dispatchRuleCallee: { roomPrefix: "", pin: "", randomize: false } },
  })),
};
const answers = Object.fromEntries(
  Object.entries(listed).map(([method, items]) => [method, JSON.stringify({ items })] as const),
);
const requests: string[] = [];
let server: Server;

beforeAll((done) => {
  sdk(); // its loading is not part of the check
  Object.assign(process.env, { LIVEKIT_API_KEY: "APIkey", LIVEKIT_API_SECRET: "a secret of at least 32 characters" });
  delete process.env.LIVEKIT_URL;
  server = createServer((request, response) => {
    const method = request.url?.split("/").at(-1) ?? "";
    requests.push(method);
    response.writeHead(200, { "content-type": "application/json" }).end(answers[method]);
  }).listen(0, "127.0.0.1", done);
});
afterAll((done) => {
  server.closeAllConnections();
  server.close(done);
});

async function check(calledNumber: string, adopt = ""): Promise<{ reasons: string[]; cpuMs: number }> {
  const host = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const trunks = { dial: { name: "dial", calledNumbers: [calledNumber], adopt } };
  const rules = { dial: { name: "dial", target: { type: "callee" }, trunks: ["dial"] } };
  const before = process.cpuUsage();
  const { failures = [] } = await guard.check({}, { host, owner, trunks, rules });
  const { user, system } = process.cpuUsage(before);
  return { reasons: failures.map(({ reason }) => reason), cpuMs: (user + system) / 1_000 };
}

test("10 000 live trunks are read and judged in less than a second of CPU, with two requests", async () => {
  const first = await check("+4940999999");
  expect(first.reasons).toEqual([]);
  expect(requests.sort()).toEqual(["ListSIPDispatchRule", "ListSIPInboundTrunk"]);
  await pause(LISTS_FORGOTTEN_MS);
  const second = await check("+4940999999");
  expect(requests).toHaveLength(4);
  // The first one has to compile what it runs, which takes a slow machine half a second.
  expect(Math.min(first.cpuMs, second.cpuMs)).toBeLessThan(MOST_CPU_MS);
});

test("the one among them that clashes is found as fast", async () => {
  const { reasons, cpuMs } = await check(number(TRUNKS - 1));
  expect(reasons).toEqual([expect.stringContaining(`inbound trunk ${id(TRUNKS - 1)} "customer ${TRUNKS - 1}"`)]);
  expect(cpuMs).toBeLessThan(MOST_CPU_MS);
});

test("a clash with ours is found behind thousands among trunks of others", async () => {
  const byHand = (index: number, called: string) => ({
    sipTrunkId: `ST_by_hand_${index}`,
    name: `by hand ${index}`,
    numbers: [called],
  });
  const others = Array.from({ length: 100 }, (_, index) => byHand(index, number(0)));
  answers.ListSIPInboundTrunk = JSON.stringify({ items: [...others, byHand(100, number(1))] });
  await pause(LISTS_FORGOTTEN_MS);
  const { reasons, cpuMs } = await check(number(1), "ST_ours_sorted_behind_theirs");
  expect(reasons).toEqual([expect.stringContaining('inbound trunk ST_by_hand_100 "by hand 100"')]);
  expect(cpuMs).toBeLessThan(MOST_CPU_MS);
});
