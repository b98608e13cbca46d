import { existsSync, readFileSync } from "node:fs";
import { AGENT_VARIABLES, readConfig } from "../../service/agent/config.ts";
import { agentReportSchema } from "../../service/shared/index.ts";

/** docs/AGENT.md: what it says of settings and metrics is what the agent reads and tells. */

const guide = readFileSync("docs/AGENT.md", "utf8");
const rows = guide
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split(" | "));
const ticked = (text = "") => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name);

test("its table has every variable that the agent reads, and no other", () => {
  const named = rows.flatMap(([variables]) => ticked(variables));
  expect(named.sort()).toEqual([...AGENT_VARIABLES].sort());
});

test("the defaults are those of the agent", () => {
  const complete = { LIVEKIT_URL: "wss://livekit", LIVEKIT_API_KEY: "key", LIVEKIT_API_SECRET: "secret" };
  const keys = { LIVEKIT_INFERENCE_API_KEY: "key", LIVEKIT_INFERENCE_API_SECRET: "secret" };
  const { telephony, processes, maxCalls } = readConfig(complete);
  const { conversation } = readConfig({ ...complete, ...keys, AGENT_CONVERSATION: "pipeline" });
  const defaults = new Map(rows.map(([variables = "", value]) => [ticked(variables)[0], value]));
  expect(defaults.get("AGENT_SILENCE_SECONDS")).toBe(String(telephony.silence.askAfterMs / 1_000));
  expect(defaults.get("AGENT_CALL_LIMIT_SECONDS")).toBe(String(telephony.callLimitMs / 1_000));
  expect(defaults.get("AGENT_PROCESSES")).toBe(`${processes}, ${maxCalls}`);
  const { stt, llm, tts } = conversation.name === "pipeline" ? conversation : { stt: [], llm: [], tts: [] };
  expect(ticked(defaults.get("AGENT_STT"))).toEqual([stt, llm, tts].flat());
});

test("every metric that a call's record shows is explained", () => {
  for (const name of Object.keys(agentReportSchema.shape)) expect(guide).toContain(`\`${name}\``);
});

test("every document it names exists", () => {
  const named = ticked(guide).filter((text) => text?.startsWith("docs/"));
  expect(named.length).toBeGreaterThan(1);
  for (const path of named) expect({ path, exists: existsSync(path ?? "") }).toEqual({ path, exists: true });
});
