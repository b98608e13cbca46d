import { runStart, runStartBehindParent, stillRunning, temporaryWorkFolder } from "./start-process.ts";

jest.setTimeout(240_000);

const work = temporaryWorkFolder();
afterAll(work.remove);

/**
 * One start after the other on the same kept state, each killed at a later point: so long after it has shown that line.
 * The Pulumi lock is among what stays behind.
 */
const POINTS: [name: string, shown: RegExp, afterMs: number][] = [
  ["while the servers start", /✓ redis-server/, 0],
  ["in the middle of pulumi up", /✓ Jambonz stand-in/, 1_500],
  ["after pulumi up", /✓ pulumi up/, 0],
  ["in the middle of a call", /… call 1 of 1/, 0],
];

test.each(POINTS)("kill -9 %s: everything it started ends by itself", async (_name, shown, afterMs) => {
  const start = runStart(work.path, ["--once", "--keep"]);
  await start.shows(shown);
  await new Promise((done) => setTimeout(done, afterMs));
  const started = start.started();
  start.kill("SIGKILL");
  await start.exited;
  expect(started.length).toBeGreaterThan(0);
  expect(await stillRunning(started)).toEqual([]);
});

test("after all of these a start works, and keeps what was declared", async () => {
  const start = runStart(work.path, ["--once", "--json", "--keep"]);
  const code = await start.exited;
  expect({ code, told: code === 0 ? "" : start.told() }).toEqual({ code: 0, told: "" });
  const again = runStart(work.path, ["--once", "--json"]);
  expect(await again.exited).toBe(0);
  expect(again.result().outputs.outboundTrunkId).toBe(start.result().outputs.outboundTrunkId);
});

test("kill -9 of the parent alone, as of npm: the start notices and ends what it started", async () => {
  const start = runStartBehindParent(work.path, ["--once"]);
  await start.shows(/✓ livekit-sip/);
  const started = start.started();
  start.kill("SIGKILL");
  // Closes when the last process that could write to its output has gone.
  await start.exited;
  expect(await stillRunning(started)).toEqual([]);
});
