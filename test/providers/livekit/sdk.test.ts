import { execFileSync } from "node:child_process";

// In a process of its own: a test runner loads modules in its own way.
const LOOK = `
const loaded = () => Object.keys(require.cache).some((file) => file.includes("livekit-server-sdk"));
const { dispatch } = require("@trunkline/providers");
const owner = { project: "p", stack: "s", name: "trunk" };
const inputs = { host: "ws://127.0.0.1:1", owner, name: "trunk", address: "sbc.example.com", presentedNumbers: ["+4989100000"] };
const trunk = dispatch("livekit:SipOutboundTrunk");
(async () => {
  const { inputs: checked } = await trunk.check({}, inputs);
  await trunk.diff("ST_1", { ...checked, sipTrunkId: "ST_1" }, checked);
  const before = loaded();
  await trunk.read("ST_1", { ...checked, sipTrunkId: "ST_1" }).catch(() => undefined);
  console.log(JSON.stringify({ before, after: loaded() }));
})();
`;

test("a check and a diff without changes do without LiveKit's SDK; a look at what is live loads it", () => {
  const keys = { LIVEKIT_API_KEY: "key", LIVEKIT_API_SECRET: "a secret that is long enough for a token" };
  const env = { PATH: process.env.PATH, ...keys };
  const told = execFileSync(process.execPath, ["-e", LOOK], { env, encoding: "utf8" });
  expect(JSON.parse(told)).toEqual({ before: false, after: true });
}, 60_000);
