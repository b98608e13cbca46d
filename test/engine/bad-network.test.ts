import { dispatch } from "@trunkline/providers";
import { type FaultProxy, startProxy } from "./proxy.ts";
import { type LiveKit, startLiveKit } from "./stack.ts";

/** What happens to trunks and rules when requests fail, on a real livekit-server behind a proxy that fails them. */

const owner = { project: "trunkline", stack: "test", name: "sbc" };
const PASSWORD = "canary of the password";
let livekit: LiveKit;
let proxy: FaultProxy;

beforeAll(async () => {
  livekit = await startLiveKit();
  proxy = await startProxy(livekit.httpUrl);
  Object.assign(process.env, livekit.keys);
  delete process.env.LIVEKIT_URL;
}, 60_000);
afterAll(async () => {
  await proxy?.stop();
  await livekit?.stop();
});
beforeEach(async () => {
  await livekit.wipe();
  proxy.requests.length = 0;
});

type Given = Record<string, unknown>;
const KINDS = {
  "livekit:SipOutboundTrunk": {
    given: { address: "sbc.example.com", presentedNumbers: ["+4930123456"], authUsername: "u", authPassword: PASSWORD },
    change: { address: "other.example.com" },
    method: "SIPOutboundTrunk",
    live: () => livekit.sip.listSipOutboundTrunk(),
  },
  "livekit:SipInboundTrunk": {
    given: { authUsername: "u", authPassword: PASSWORD },
    change: { calledNumbers: ["+4930123456"] },
    method: "SIPInboundTrunk",
    live: () => livekit.sip.listSipInboundTrunk(),
  },
  "livekit:SipDispatchRule": {
    given: { target: { type: "callee" }, trunkIds: ["ST_1"], pin: "4711" },
    change: { hidePhoneNumber: true },
    method: "SIPDispatchRule",
    live: () => livekit.sip.listSipDispatchRule(),
  },
} as const;

describe.each(Object.entries(KINDS))("%s", (kind, { given, change, method, live }) => {
  const resource = dispatch(kind);
  const checked = async (changes: Given = {}) =>
    (await resource.check({}, { host: proxy.url, owner, name: "one", ...given, ...changes })).inputs;

  test.each(["lose the answer", "reset"] as const)(
    "a creation that ends with %j leaves one object after the next up",
    async (fault) => {
      proxy.fail(`Create${method}`, fault);
      const inputs = await checked();
      const error: Error = await resource.create(inputs).then(
        () => Error("it worked"),
        (cause: Error) => cause,
      );
      expect(error.message).toMatch(/^API_UNREACHABLE/);
      expect(error.message).not.toContain(PASSWORD);
      const { id } = await resource.create(inputs);
      expect(await live()).toHaveLength(1);
      expect((await resource.create(inputs)).id).toBe(id);
    },
  );

  test("an update is repeated after a lost answer, a 500 and a 429, and done once", async () => {
    const { id, outs } = await resource.create(await checked());
    proxy.fail(
      `Update${method}`,
      "lose the answer",
      { status: 500 },
      { status: 429, headers: { "retry-after": "0.1" } },
    );
    const inputs = await checked(change);
    const updated = await resource.update(id, outs, inputs);
    expect((await resource.read(id, updated.outs)).inputs).toEqual(inputs);
    expect(await live()).toHaveLength(1);
  });

  test("an object deleted between read and update is told, not made again", async () => {
    const { id, outs } = await resource.create(await checked());
    proxy.fail(`Update${method}`, { status: 500 });
    const running = resource.update(id, outs, await checked(change));
    await untilRequested(`Update${method}`);
    await livekit.wipe();
    await expect(running).rejects.toThrow(/^OBJECT_GONE/);
    expect(await live()).toEqual([]);
  });

  test("a delete is repeated after a lost answer; gone by then counts as done", async () => {
    const { id, outs } = await resource.create(await checked());
    proxy.fail(method === "SIPDispatchRule" ? "DeleteSIPDispatchRule" : "DeleteSIPTrunk", "lose the answer");
    await resource.delete(id, outs ?? {});
    expect(await live()).toEqual([]);
  });
});

async function untilRequested(method: string): Promise<void> {
  while (!proxy.requests.includes(method)) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("what was put aside stays aside when the answer to the creation was lost: putting it back would clash", async () => {
  const legacy = await livekit.sip.createSipInboundTrunk("by hand", [], { authUsername: "old", authPassword: "old" });
  const trunk = dispatch("livekit:SipInboundTrunk");
  const credentials = { authUsername: "u", authPassword: PASSWORD };
  const { inputs } = await trunk.check(
    {},
    { host: proxy.url, owner, name: "one", ...credentials, legacyIds: [legacy.sipTrunkId] },
  );
  proxy.fail("CreateSIPInboundTrunk", "lose the answer");
  await expect(trunk.create(inputs)).rejects.toThrow(
    new RegExp(`^API_UNREACHABLE: .*${legacy.sipTrunkId} had been put aside`),
  );
  await trunk.create(inputs);
  const numbers = Object.fromEntries(
    (await livekit.sip.listSipInboundTrunk()).map((item) => [item.name, item.numbers]),
  );
  expect(numbers).toEqual({ one: [], "by hand": [`trunkline-parked-${legacy.sipTrunkId}`] });
});

describe("reads", () => {
  test("a refresh of 1000 trunks that exist takes at most 3 list requests", async () => {
    const trunk = dispatch("livekit:SipOutboundTrunk");
    const ids: string[] = [];
    for (let start = 0; start < 1_000; start += 50) {
      const some = Array.from({ length: 50 }, (_, index) =>
        livekit.sip.createSipOutboundTrunk(`t${start + index}`, "sbc", ["+4930123456"], { transport: 0 }),
      );
      ids.push(...(await Promise.all(some)).map(({ sipTrunkId }) => sipTrunkId));
    }
    const { inputs } = await trunk.check(
      {},
      { host: proxy.url, owner, name: "x", address: "sbc", presentedNumbers: ["+4930123456"] },
    );
    // So many at a time as the engine asks for on a machine of this size.
    for (let start = 0; start < ids.length; start += 8)
      await Promise.all(ids.slice(start, start + 8).map((id) => trunk.read(id, { ...inputs, sipTrunkId: id })));
    expect(proxy.requests.filter((method) => method.startsWith("List")).length).toBeLessThanOrEqual(3);
  }, 30_000);
});
