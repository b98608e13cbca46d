import { dispatch } from "@trunkline/providers";
import { UNKNOWN } from "../../../providers/dynamic/unknown.ts";

const owner = { project: "trunkline", stack: "test", name: "sbc" };
const minimum = {
  host: "wss://one.livekit.cloud",
  owner,
  name: "SBC",
  address: "sbc.example.com",
  presentedNumbers: ["+49 30 123456"],
};
const trunk = dispatch("livekit:SipOutboundTrunk");

beforeAll(() => {
  for (const name of ["LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"]) delete process.env[name];
});

test("a kind of a newer version is an error that says so", () => {
  expect(() => dispatch("livekit:Nothing")).toThrow(/^UNKNOWN_KIND: .*"livekit:Nothing"/);
});

test("in preview, what is not known yet is neither refused nor compared", async () => {
  const { inputs, failures } = await trunk.check(
    {},
    { ...minimum, host: UNKNOWN, authPassword: UNKNOWN, __provider: "code" },
  );
  expect(failures).toEqual([]);
  expect(inputs).toMatchObject({ host: UNKNOWN, authPassword: UNKNOWN, presentedNumbers: ["+4930123456"] });
  expect(inputs).not.toHaveProperty("__provider");
});

describe("diff", () => {
  const checked = async (changes: object) => (await trunk.check({}, { ...minimum, ...changes })).inputs;

  test("nothing changed", async () => {
    const state = { ...(await checked({})), sipTrunkId: "ST_1", __provider: "old code" };
    expect(await trunk.diff("ST_1", state, { ...(await checked({})), __provider: "new code" })).toMatchObject({
      changes: false,
      replaces: [],
    });
  });

  test("every change is made in place, but a change of host", async () => {
    const state = await checked({});
    const moved = await checked({ host: "wss://two.livekit.cloud", transport: "tls", address: "other.example.com" });
    expect(await trunk.diff("ST_1", state, moved)).toEqual({ replaces: ["host"], deleteBeforeReplace: true });
    expect((await trunk.diff("ST_1", state, { ...moved, host: state.host })).replaces).toEqual([]);
  });

  test("a host that is not known yet announces no replacement", async () => {
    expect((await trunk.diff("ST_1", await checked({}), { ...minimum, host: UNKNOWN })).replaces).toEqual([]);
  });
});

test("an error has no stack, for Pulumi would print it", async () => {
  const error = await trunk.create({ ...minimum, host: "ws://127.0.0.1:1" }).catch((cause: Error) => cause);
  expect(error).toMatchObject({ message: expect.stringMatching(/^MISSING_CREDENTIALS: LIVEKIT_API_KEY/), stack: "" });
});
