import { dispatch } from "@trunkline/providers";
import { writeMetadata } from "../../providers/dynamic/marks.ts";
import { UNKNOWN } from "../../providers/dynamic/unknown.ts";
import { type LiveKit, sharedReadsExpire, startLiveKit } from "./stack.ts";

/** The guard's check as the engine calls it, against a real livekit-server. It runs in preview, before anything changes. */

const guard = dispatch("livekit:SipRouting");
const owner = { project: "trunkline", stack: "test", name: "routing" };
const NUMBER = "+4930111111";
let livekit: LiveKit;

beforeAll(async () => {
  livekit = await startLiveKit();
  Object.assign(process.env, livekit.keys);
  delete process.env.LIVEKIT_URL;
}, 60_000);
afterAll(() => livekit?.stop());
beforeEach(async () => {
  await livekit.wipe();
  await sharedReadsExpire();
});

type Given = Record<string, unknown>;

async function reasons(given: Given): Promise<string[]> {
  const { failures = [] } = await guard.check({}, { host: livekit.url, owner, ...given });
  return failures.map(({ reason }) => reason);
}

/** A trunk that a resource of this name, of the stack or of another one, has made. */
const marked = (name: string, numbers: string[], stack = owner.stack) =>
  livekit.sip.createSipInboundTrunk(name, numbers, { metadata: writeMetadata({ ...owner, stack, name }, {}) });

const withNumber = { calledNumbers: [NUMBER], authUsername: "u" };
const callee = { target: { type: "callee" } };

describe("declared with declared", () => {
  test("two trunks with one number, in whatever spelling", async () => {
    const trunks = { one: withNumber, two: { calledNumbers: ["0049 30 111111"], authUsername: "v" } };
    expect(await reasons({ trunks })).toEqual([
      expect.stringMatching(
        /^ROUTING_CONFLICT: the declared inbound trunk "(one|two)" and the declared inbound trunk "(one|two)" clash: a call from .* to \+?4930111111 \(source address .*\) is answered 503 Try again later\. /,
      ),
    ]);
  });

  test("two rules on one trunk, unless the callers, the called numbers or the PINs differ", async () => {
    const trunks = { one: withNumber };
    const rules = (second: Given) => ({
      a: { ...callee, trunks: ["one"] },
      b: { ...callee, trunks: ["one"], ...second },
    });
    expect(await reasons({ trunks, rules: rules({}) })).toHaveLength(1);
    expect(await reasons({ trunks, rules: rules({ callerNumbers: ["+4915112345678"] }) })).toEqual([]);
    expect(await reasons({ trunks, rules: rules({ calledNumbers: [NUMBER] }) })).toEqual([]);
    expect(await reasons({ trunks, rules: rules({}), pins: { b: "4711" } })).toEqual([]);
    expect((await reasons({ trunks, rules: rules({}), pins: { a: "4711", b: "4711" } })).join()).not.toContain("4711,");
  });
});

describe("declared with live", () => {
  test("a trunk made by hand, unless the stack removes it", async () => {
    const { sipTrunkId } = await livekit.sip.createSipInboundTrunk("by hand", [NUMBER]);
    const trunks = { one: withNumber };
    expect(await reasons({ trunks })).toEqual([
      expect.stringContaining(`inbound trunk ${sipTrunkId} "by hand" (made by hand)`),
    ]);
    expect(await reasons({ trunks, removes: [sipTrunkId] })).toEqual([]);
  });

  test("a trunk made by hand that is adopted is the declared one", async () => {
    const { sipTrunkId } = await livekit.sip.createSipInboundTrunk("by hand", [NUMBER]);
    expect(await reasons({ trunks: { one: { ...withNumber, adopt: sipTrunkId } } })).toEqual([]);
  });

  test("another stack's trunk: listing its id does not help", async () => {
    const { sipTrunkId } = await marked("theirs", [NUMBER], "prod");
    const told = await reasons({ trunks: { one: withNumber }, removes: [sipTrunkId], retires: ["theirs"] });
    expect(told).toEqual([expect.stringContaining('"theirs" (declared by trunkline/prod)')]);
  });

  test("an own trunk is judged by what is declared of it now, so that two can swap their numbers", async () => {
    await marked("one", [NUMBER]);
    await marked("two", ["+4930222222"]);
    const trunks = { one: { calledNumbers: ["+4930222222"] }, two: { calledNumbers: [NUMBER] } };
    expect(await reasons({ trunks })).toEqual([]);
  });

  test("an own trunk that has left the program is live until it is deleted, unless the stack retires it", async () => {
    await marked("old", [NUMBER]);
    const trunks = { new: withNumber };
    expect(await reasons({ trunks })).toEqual([expect.stringContaining(`(this stack's "old", no longer declared)`)]);
    expect(await reasons({ trunks, retires: ["old"] })).toEqual([]);
  });

  test("a wildcard rule made by hand beside a declared wildcard rule; hand-made objects among themselves are doctor's", async () => {
    const { sip } = livekit;
    await sip.createSipDispatchRule({ type: "direct", roomName: "a" }, { name: "wild" });
    await sip.createSipInboundTrunk("one", [], { authUsername: "a", authPassword: "b" });
    await sip.createSipInboundTrunk("two", [], { allowedAddresses: ["127.0.0.0/8"], allowedNumbers: ["+4930123"] });
    expect(await reasons({ trunks: { one: withNumber }, rules: { one: { ...callee, trunks: ["one"] } } })).toEqual([]);
    const wild = { rules: { wild: { ...callee, everyTrunk: true } } };
    expect(await reasons(wild)).toEqual([expect.stringContaining('"wild" (made by hand)')]);
  });
});

test("a value that is not known yet is not judged in preview; once it is known it is", async () => {
  await livekit.sip.createSipInboundTrunk("by hand", [NUMBER]);
  expect(await reasons({ trunks: { one: { calledNumbers: [UNKNOWN] } } })).toEqual([]);
  expect(await reasons({ trunks: { one: { calledNumbers: [NUMBER] } } })).toHaveLength(1);
});

test("a wrong key is no reason to go on without looking", async () => {
  process.env.LIVEKIT_API_KEY = "APIother";
  await expect(reasons({ trunks: { one: withNumber } })).rejects.toThrow(/^ENVIRONMENT_MISMATCH/);
  process.env.LIVEKIT_API_KEY = livekit.keys.LIVEKIT_API_KEY;
});

test("10 000 trunks are judged in less than a second", async () => {
  const numbers = Array.from({ length: 10_000 }, (_, index) => `+4930${1_000_000 + index}`);
  const trunks = Object.fromEntries(numbers.map((number, index) => [`t${index}`, { calledNumbers: [number] }]));
  const cpuMs: number[] = []; // of this process: what runs beside it is not the guard's doing
  while (cpuMs.length < 2) {
    const started = process.cpuUsage();
    expect(await reasons({ trunks, lookAt: "declared" })).toEqual([]);
    const { user, system } = process.cpuUsage(started);
    cpuMs.push((user + system) / 1_000);
  }
  expect(Math.min(...cpuMs)).toBeLessThan(1_000); // the first time compiles what it runs
  const [first] = await reasons({
    trunks: { ...trunks, twin: { calledNumbers: numbers.slice(0, 500) } },
    lookAt: "declared",
  });
  expect(first).toContain("ROUTING_CONFLICT");
}, 30_000);
