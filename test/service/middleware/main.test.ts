import { spawn } from "node:child_process";
import { join } from "node:path";

const MAIN = join(__dirname, "../../../service/middleware/main.ts");
const COMPLETE = {
  LIVEKIT_URL: "ws://127.0.0.1:1",
  LIVEKIT_API_KEY: "key",
  LIVEKIT_API_SECRET: "secret",
  LIVEKIT_OUTBOUND_TRUNK_ID: "ST_abc",
  JAMBONZ_WEBHOOK_SECRETS: "one",
};

/** Runs the service; `onOutput` may end it. */
function run(args: string[], environment: object, onOutput: (text: string, stop: () => void) => void = () => {}) {
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn("node", [MAIN, ...args], { env: { PATH: process.env.PATH, ...environment }, timeout: 15_000 });
    let output = "";
    const take = (chunk: Buffer) => {
      output += chunk.toString();
      onOutput(output, () => child.kill("SIGTERM"));
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("close", (code) => resolve({ code, output }));
  });
}

describe("main.ts", () => {
  test("--check-config says that a valid configuration is valid, and starts nothing", async () => {
    expect(await run(["--check-config"], COMPLETE)).toEqual({ code: 0, output: "The configuration is valid.\n" });
  });

  test("--check-config and the start itself list all problems and exit with 2", async () => {
    const environment = { LIVEKIT_URL: "nonsense" };
    const checked = await run(["--check-config"], environment);
    expect(checked.code).toBe(2);
    for (const name of ["LIVEKIT_URL", "LIVEKIT_API_KEY", "JAMBONZ_WEBHOOK_SECRETS"])
      expect(checked.output).toContain(`- ${name}: `);
    expect(await run([], environment)).toEqual(checked);
  });

  test("listens, and stops with 0 at SIGTERM", async () => {
    const ended = await run([], { ...COMPLETE, HOST: "127.0.0.1", PORT: "0" }, (text, stop) => {
      if (text.includes("Server listening")) stop();
    });
    // PORT=0 lets the system choose: any port of this machine may be taken.
    expect(ended.code).toBe(0);
    expect(ended.output).toContain("Stopping");
  });

  test("stops at SIGTERM although its Redis is away and somebody is looking on", async () => {
    const environment = {
      ...COMPLETE,
      HOST: "127.0.0.1",
      PORT: "0",
      TRUNKLINE_STACK: "local",
      REDIS_URL: "redis://127.0.0.1:1",
    };
    let watching: Promise<unknown> | undefined;
    const startedAt = Date.now();
    const ended = await run([], environment, (text, stop) => {
      const origin = /Server listening at (http:[^"]+)/.exec(text)?.[1];
      if (origin === undefined || watching !== undefined) return;
      watching = fetch(`${origin}/livekit-api/calls/events`).then((stream) => {
        stop();
        return stream.text();
      });
    });
    expect(ended.code).toBe(0);
    expect(ended.output).toContain("Redis is away");
    expect(await watching).toContain("event: beat");
    expect(Date.now() - startedAt).toBeLessThan(10_000);
  });
});
