import { execFile } from "node:child_process";
import { promisify } from "node:util";

jest.setTimeout(60_000);

/** What becomes of a module's realtime model before the call. */
async function connect(how: "late" | "refuses"): Promise<Record<string, unknown>> {
  const args = ["test/service/agent/conversations/own-realtime.ts", how];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { PATH: process.env.PATH },
    timeout: 50_000,
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Record<string, unknown>;
}

test("a realtime model in a module of the user's is waited for until it is connected, and its connection ends with the call", async () => {
  const { connectMs, error, ...sockets } = await connect("late");
  expect(error).toBeUndefined();
  expect(connectMs).toBeGreaterThanOrEqual(800);
  expect(sockets).toEqual({ open: 1, left: 0 });
});

test("one that refuses fails its own call, and no process", async () => {
  const { error, ...others } = await connect("refuses");
  expect(error).toContain("Unexpected server response: 401");
  expect(others).toMatchObject({ open: 0, left: 0 });
});
