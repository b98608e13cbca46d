import { spawnSync } from "node:child_process";
import { checkout } from "../../../sandbox/root.ts";

/** What the release phase says of a module of the user's, LiveKit being away. */
function release(module: string): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [checkout("service/agent/release.ts")], {
    env: {
      PATH: process.env.PATH,
      LIVEKIT_URL: "ws://127.0.0.1:1",
      LIVEKIT_API_KEY: "key",
      LIVEKIT_API_SECRET: "secret",
      AGENT_MODULE: module,
    },
    encoding: "utf8",
  });
  return { status, stderr };
}

jest.setTimeout(60_000);

test.each([
  ["no/such/file.ts", /^AGENT_CONFIG_INVALID: .*AGENT_MODULE is not a file of this app/],
  ["examples/own-agent/opening-hours.ts", /^AGENT_MODULE_INVALID: .*has no function session, and none agent/],
  ["test/service/agent/throwing-module.ts", /^AGENT_MODULE_INVALID: .*there is no database here/],
])("the release phase refuses the module %s without a stack trace", (file, problem) => {
  const { status, stderr } = release(file);
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(problem) });
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("the example can be loaded; then only LiveKit is missing", () => {
  expect(release("examples/own-agent/agent.ts")).toEqual({
    status: 1,
    stderr: expect.stringMatching(/^RELEASE_LIVEKIT_REFUSED/),
  });
});
