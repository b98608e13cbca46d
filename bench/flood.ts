import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { freePort } from "../sandbox/processes/ports.ts";
import { accepts, waitUntilReady } from "../sandbox/processes/ready.ts";
import { Supervisor } from "../sandbox/processes/supervisor.ts";
import { checkout } from "../sandbox/root.ts";
import { startRedis } from "../sandbox/servers/redis.ts";
import { type Fired, fireAt, signed, unsigned } from "./flood/fire.ts";
import { type Aim, aimLines } from "./measure/aims.ts";

export const usage =
  "flood [--seconds 10] [--unsigned 5000] [--signed 50]   signed hooks while one address sends unsigned ones";

const SECRET = "wh_secret_of_the_bench";
const MOST_P99_MS = 50;

interface FloodReport {
  seconds: number;
  signed: Fired;
  unsigned: Fired;
  aims: Aim[];
  ok: boolean;
}

/** Open loop: both send at their rate, whatever the answers take. All from one address, as behind a proxy. */
export async function run(args: string[]): Promise<FloodReport> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: "string", default: "10" },
      unsigned: { type: "string", default: "5000" },
      signed: { type: "string", default: "50" },
    },
  });
  const [seconds, most, few] = [Number(values.seconds), Number(values.unsigned), Number(values.signed)];
  const supervisor = new Supervisor({ folder: mkdtempSync(join(tmpdir(), "flood-")) });
  try {
    const port = await startMiddleware(supervisor);
    await fireAt({ port, seconds: 2, perSecond: few, requests: signed(SECRET) }); // warm
    const [flood, hooks] = await Promise.all([
      fireAt({ port, seconds, perSecond: most, requests: unsigned(), workers: 1 }),
      fireAt({ port, seconds, perSecond: few, requests: signed(SECRET) }),
    ]);
    const aims = judge(hooks, flood, most);
    process.stderr.write(`${aimLines(aims)}\n`);
    const ok = aims.every((aim) => aim.ok);
    if (!ok) process.exitCode = 1;
    return { seconds, signed: hooks, unsigned: flood, aims, ok };
  } finally {
    await supervisor.stopAll();
    rmSync(supervisor.folder, { recursive: true, force: true });
  }
}

function judge(hooks: Fired, flood: Fired, wanted: number): Aim[] {
  return [
    {
      what: `unsigned requests a second: ${wanted}`,
      seen: String(flood.perSecond),
      ok: flood.perSecond >= wanted * 0.95,
    },
    { what: "no unsigned request is answered 200", seen: String(flood.ok), ok: flood.ok === 0 },
    { what: "every signed hook is answered 200", seen: `${hooks.ok} of ${hooks.sent}`, ok: hooks.ok === hooks.sent },
    {
      what: `p99 of the signed hooks below ${MOST_P99_MS} ms`,
      seen: `${hooks.p99Ms} ms`,
      ok: hooks.p99Ms < MOST_P99_MS,
    },
  ];
}

async function startMiddleware(supervisor: Supervisor): Promise<number> {
  const [redis, port] = [await startRedis(supervisor), await freePort()];
  const env = {
    PATH: process.env.PATH,
    ...{ HOST: "127.0.0.1", PORT: String(port), NODE_ENV: "production", REDIS_URL: redis.url },
    ...{ LIVEKIT_URL: "ws://127.0.0.1:1", LIVEKIT_API_KEY: "key", LIVEKIT_API_SECRET: "secret" },
    ...{ LIVEKIT_OUTBOUND_TRUNK_ID: "ST_bench", JAMBONZ_WEBHOOK_SECRETS: SECRET, TRUNKLINE_STACK: "local" },
  };
  const args = ["-c", 'exec "$0" "$1" > /dev/null', process.execPath, checkout("service/middleware/main.ts")];
  const running = await supervisor.start({ name: "middleware", command: "sh", args, env });
  await waitUntilReady(running, () => accepts(port));
  return port;
}
