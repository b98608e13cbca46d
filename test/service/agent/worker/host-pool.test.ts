import { setTimeout as sleep } from "node:timers/promises";
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
}

async function newPool({ size = 1, restMs = 60_000, quietMs = 60_000 } = {}): Promise<{ pool: HostPool; told: Told }> {
  const told: Told = { ended: [], orphans: [] };
  const events = {
    ended: ({ id }: { id: string }) => void told.ended.push(id),
    act: async () => undefined,
    orphaned: (jobs: { id: string }[]) => void told.orphans.push(...jobs.map(({ id }) => id)),
  };
  const pool = new HostPool(size, `${__dirname}/scripted-host.ts`, events, log, process.env, {
    restMs,
    quietMs,
  });
  pools.push(pool);
  await pool.ready;
  return { pool, told };
}

function job(id: string, script: object) {
  return { id, room: `call-${id}`, metadata: JSON.stringify(script), url: "", token: "", identity: "", attempt: 1 };
}

const pidsOf = (pool: HostPool) => pool.states.map(({ pid = 0 }) => pid);

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !isSo(); await sleep(10))
    if (Date.now() > end) throw new Error(`not within 15 s: ${isSo}`);
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
