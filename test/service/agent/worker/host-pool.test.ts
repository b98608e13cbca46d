import { setTimeout as sleep } from "node:timers/promises";
import type { CallJob } from "../../../../service/agent/job.ts";
import { HostPool } from "../../../../service/agent/worker/host-pool.ts";
import { serviceLogger } from "../../../../service/shared/index.ts";

const log = serviceLogger("agent");
log.level = "silent";
const pools: HostPool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close(0))));

/** What a pool told: ids of calls that ended, and of those whose process died. */
interface Told {
  ended: string[];
  orphans: string[];
  /** Those of them that the process may have died of. */
  suspects: string[];
}

async function newPool({
  size = 1,
  restMs = 60_000,
  quietMs = 60_000,
  aloneMs = 60_000,
} = {}): Promise<{ pool: HostPool; told: Told }> {
  const told: Told = { ended: [], orphans: [], suspects: [] };
  const events = {
    ended: ({ id }: { id: string }) => void told.ended.push(id),
    prepared: () => undefined,
    reported: () => undefined,
    act: async () => undefined,
    orphaned: (jobs: CallJob[]) => {
      told.orphans.push(...jobs.map(({ id }) => id));
      told.suspects.push(...jobs.filter(({ isSuspect }) => isSuspect).map(({ id }) => id));
    },
  };
  const pool = new HostPool(size, `${__dirname}/scripted-host.ts`, events, log, process.env, {
    restMs,
    quietMs,
    aloneMs,
  });
  pools.push(pool);
  await pool.ready;
  return { pool, told };
}

function job(id: string, script: object) {
  return { id, room: `call-${id}`, metadata: JSON.stringify(script), url: "", token: "", identity: "", attempt: 1 };
}

const pidsOf = (pool: HostPool) => pool.states.map(({ pid = 0 }) => pid);

async function until(isSo: () => boolean, limitMs = 15_000): Promise<void> {
  for (const end = Date.now() + limitMs; !isSo(); await sleep(10))
    if (Date.now() > end) throw new Error(`not within ${limitMs} ms: ${isSo}`);
}

test("a host begins 8 calls at once, and one more for each that is ready", async () => {
  const { pool } = await newPool();
  expect(pool.room).toBe(8);
  for (let number = 1; number <= 8; number++) pool.start(job(`slow-${number}`, {}));
  expect(pool.room).toBe(0);
  expect(pool.states).toMatchObject([{ calls: 8, starting: 8 }]);
  pool.stop("slow-1", "job_terminated");
  await until(() => pool.room === 1);
  pool.start(job("quick", { prepared: true }));
  await until(() => pool.room === 1);
});

test("a call that was taken is served, even without room", async () => {
  const { pool, told } = await newPool();
  for (let number = 1; number <= 9; number++) expect(pool.start(job(`call-${number}`, {}))).toBe(true);
  pool.stop("call-9", "job_terminated");
  await until(() => told.ended.includes("call-9"));
});

test("a host whose event loop is busy for four seconds takes no call until it is not", async () => {
  const { pool } = await newPool();
  pool.start(job("heavy", { prepared: true, busy: 1 }));
  await until(() => pool.room === 0);
  pool.start(job("light", { prepared: true, busy: 0.2 }));
  await until(() => pool.room === 8);
});

test("a host without calls takes one, however busy the machine is", async () => {
  const { pool } = await newPool();
  pool.start(job("heavy", { prepared: true, busy: 1 }));
  await until(() => pool.room === 0);
  pool.stop("heavy", "job_terminated");
  await until(() => pool.calls === 0);
  expect(pool.room).toBe(8);
});

test("a worn host hands over to a fresh one, and keeps its calls to their ends", async () => {
  const { pool, told } = await newPool();
  const [old = 0] = pidsOf(pool);
  pool.start(job("long", {}));
  pool.start(job("last-straw", { rssMb: 300 }));
  pool.stop("last-straw", "job_terminated");
  await until(() => pool.room === 8); // those of the fresh one: the old one is still at its first call
  pool.start(job("next", { prepared: true }));
  expect(told.orphans).toEqual([]);
  expect(pool.calls).toBe(2);
  pool.stop("long", "job_terminated");
  await until(() => !pidsOf(pool).includes(old));
  expect(pool.calls).toBe(1);
});

test("a host that is worn a little stays while calls begin, and is replaced as soon as none does", async () => {
  const { pool } = await newPool({ quietMs: 2_500 });
  const [old = 0] = pidsOf(pool);
  for (let number = 1; number <= 3; number++) {
    pool.start(job(`call-${number}`, { prepared: true, rssMb: 210 }));
    await sleep(1_200); // it has said how large it is once or twice
    expect(pidsOf(pool)).toEqual([old]);
  }
  await until(() => pidsOf(pool).length === 2);
  pool.stopAll("job_terminated");
  await until(() => !pidsOf(pool).includes(old));
});

test("a host that has grown is replaced once the worker has rested", async () => {
  const { pool } = await newPool({ size: 2, restMs: 1_000 });
  const before = pidsOf(pool);
  pool.start(job("only", { prepared: true, rssMb: 120 }));
  pool.stop("only", "job_terminated");
  await until(() => pool.states.length === 2 && pidsOf(pool).join() !== before.join());
  await sleep(2_500); // the fresh one, and the one that had no call, have not grown
  expect(pidsOf(pool).filter((pid) => before.includes(pid))).toHaveLength(1);
});

test("a host that has grown stays while there are calls, and for a while after", async () => {
  const { pool } = await newPool({ size: 2, restMs: 60_000 });
  const before = pidsOf(pool);
  pool.start(job("only", { prepared: true, rssMb: 120 }));
  await sleep(1_500);
  pool.stop("only", "job_terminated");
  await sleep(2_500);
  expect(pidsOf(pool)).toEqual(before);
});

test("a worn host that dies leaves its calls to be taken up, and its successor alone", async () => {
  const { pool, told } = await newPool();
  const [old = 0] = pidsOf(pool);
  pool.start(job("long", { prepared: true, rssMb: 300 }));
  pool.start(job("short", { prepared: true, rssMb: 300 }));
  pool.stop("short", "job_terminated");
  await until(() => pidsOf(pool).length === 2);
  process.kill(old, "SIGKILL");
  await until(() => told.orphans.length === 1);
  await until(() => pool.room === 8);
  await sleep(2_000); // a host that dies young is started again after 1 s
  expect(pool.states).toHaveLength(1);
});

describe("a process that dies", () => {
  const ready = { prepared: true };

  test.each([
    ["while a call gets ready", "SIGTERM", [{}, ready], ["call-0"]],
    ["by itself", "SIGTERM", [ready, ready], ["call-1"]],
    ["because somebody ends it", "SIGKILL", [ready, ready], []],
    ["because somebody ends it, while calls get ready", "SIGKILL", [{}, ready, {}], ["call-0", "call-2"]],
  ] as const)("%s: which calls may be why", async (_, signal, scripts, suspects) => {
    const { pool, told } = await newPool();
    scripts.forEach((script, index) => void pool.start(job(`call-${index}`, script)));
    const preparing = scripts.filter((script) => !("prepared" in script)).length;
    await until(() => pool.states[0]?.starting === preparing);
    process.kill(pidsOf(pool)[0] ?? 0, signal);
    await until(() => told.orphans.length === scripts.length);
    expect(told.suspects).toEqual(suspects);
  });

  test("its suspect goes where no healthy call is, and not into the last process that serves", async () => {
    const { pool } = await newPool({ size: 2 });
    await until(() => pool.room === 16);
    const [first = 0, second = 0] = pidsOf(pool);
    pool.start(job("healthy", ready));
    process.kill(second, "SIGKILL");
    await until(() => !pidsOf(pool).includes(second));
    const isTaken = pool.startAlone({ ...job("suspect", ready), isSuspect: true });
    expect(pool.start(job("next", ready))).toBe(true); // meanwhile calls go on in the last one
    expect(await isTaken).toBe(true);
    const calls = () => new Map(pool.states.map(({ pid, calls }) => [pid, calls]));
    expect([calls().get(first), pool.calls]).toEqual([2, 3]);
    pool.start(job("one more", ready));
    expect(calls().get(first)).toBe(3); // as long as the suspect is young
  });

  test("its suspect is given up when no such process comes", async () => {
    const { pool } = await newPool({ size: 2, aloneMs: 300 });
    await until(() => pool.room === 16);
    pool.start(job("one", ready));
    pool.start(job("other", ready));
    expect(await pool.startAlone({ ...job("suspect", ready), isSuspect: true })).toBe(false);
  });
});

test("a host whose event loop never rests again is ended; one that caught a stray exception is replaced in a quiet moment", async () => {
  const { pool, told } = await newPool({ size: 2, quietMs: 1_000 });
  const before = pidsOf(pool);
  pool.start(job("loop", { loops: true }));
  await until(() => told.orphans.includes("loop"), 40_000); // the longer the more other processes want the CPU
  expect(told.suspects).toEqual(["loop"]);
  await until(() => pool.room === 16);
  pool.start(job("stray", { prepared: true, strays: 1 }));
  pool.stopAll("job_terminated");
  await until(() => pool.room === 16 && pidsOf(pool).every((pid) => !before.includes(pid)));
}, 90_000);
