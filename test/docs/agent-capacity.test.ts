import { readdirSync, readFileSync } from "node:fs";
import { readConfig } from "../../service/agent/config.ts";

const guide = readFileSync("docs/AGENT_CAPACITY.md", "utf8");
const LIVEKIT = { LIVEKIT_URL: "ws://127.0.0.1", LIVEKIT_API_KEY: "key", LIVEKIT_API_SECRET: "secret" };

test("the guide's settings have the defaults of the agent", () => {
  const told = new Map([...guide.matchAll(/^\| `(AGENT_\w+)` \| (\d+) \|/gm)].map(([, name, value]) => [name, value]));
  const { processes, maxCalls } = readConfig(LIVEKIT);
  expect(told).toEqual(
    new Map([
      ["AGENT_PROCESSES", String(processes)],
      ["AGENT_MAX_CALLS", String(maxCalls)],
    ]),
  );
});

test("the guide's log lines are the worker's", () => {
  const folder = "service/agent/worker";
  const worker = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, "utf8"));
  const lines = [...guide.matchAll(/Log line: `([a-z.]+)`/g)].map(([, event]) => event);
  expect(lines).toEqual(["host.replaced", "agent.refused"]);
  for (const event of lines) expect(worker.join()).toContain(`event: "${event}"`);
});
