import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runStart, temporaryWorkFolder } from "./start-process.ts";

jest.setTimeout(60_000);

const work = temporaryWorkFolder();
afterAll(work.remove);

async function failure(args: string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; text: string }> {
  const start = runStart(work.path, args, env);
  return { code: await start.exited, text: start.lines.join("\n") };
}

test("an option that does not exist, a value out of range: USAGE, the option, the value", async () => {
  expect(await failure(["--calls", "0"])).toMatchObject({
    code: 1,
    text: expect.stringMatching(/^USAGE: --calls is "0"/m),
  });
});

test("a port taken by option: PORT_TAKEN and what to do; nothing was started", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address() as { port: number };
  const { code, text } = await failure(["--once", "--port", String(port)]);
  server.close();
  expect(code).toBe(1);
  expect(text).toMatch(
    new RegExp(
      `^PORT_TAKEN: port ${port}, for the middleware, is taken on 127\\.0\\.0\\.1\n  Choose another port`,
      "m",
    ),
  );
  expect(text).not.toMatch(/redis-server/);
});

test("with --json a failure is a JSON object, too", async () => {
  const start = runStart(work.path, ["--json", "--flow", "sideways"]);
  expect(await start.exited).toBe(1);
  expect(start.result()).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/^USAGE: --flow is "sideways"/),
    calls: [],
  });
});

/** A PATH with these commands only. */
function pathWith(commands: string[]): { path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "trunkline-bin-"));
  const known = (process.env.PATH ?? "").split(":");
  for (const command of commands) {
    const target = known.map((entry) => join(entry, command)).find((file) => existsSync(file));
    if (target) symlinkSync(target, join(folder, command));
  }
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

test("no Go and nothing built yet: GO_MISSING names the program and what to install", async () => {
  const { path, remove } = pathWith(["sh", "redis-server", "sipp", "cc", "dpkg-query", "git"]);
  const cache = temporaryWorkFolder();
  const { code, text } = await failure(["--once"], { PATH: path, XDG_CACHE_HOME: cache.path });
  remove();
  cache.remove();
  expect(code).toBe(1);
  expect(text).toMatch(
    /^GO_MISSING: pulumi-language-nodejs v3\.68\.0 must be built, and Go is not on PATH\n {2}Install Go 1\.26/m,
  );
});

test("no SIPp, and nobody to install it: PACKAGES_MISSING names the exact command", async () => {
  const { path, remove } = pathWith(["sh", "redis-server", "cc", "dpkg-query", "git"]);
  const { code, text } = await failure(["--once"], { PATH: path });
  remove();
  expect(code).toBe(1);
  expect(text).toMatch(
    /^PACKAGES_MISSING: .*sip-tester\n {2}Run: sudo apt-get update && sudo apt-get install -y --no-install-recommends sip-tester$/m,
  );
});

test("`trunkline env` prints exports a shell can read", async () => {
  const script = 'eval "$(node cli/trunkline.mjs env 2>/dev/null)" && pulumi version && echo "$PULUMI_BACKEND_URL"';
  const env = { ...process.env, TRUNKLINE_WORK_FOLDER: work.path };
  const output = await new Promise<string>((resolve, reject) =>
    execFile("sh", ["-c", script], { env }, (error, stdout) => (error ? reject(error) : resolve(stdout))),
  );
  expect(output).toMatch(/^v?3\.\d+\.\d+\nfile:\/\//);
});
