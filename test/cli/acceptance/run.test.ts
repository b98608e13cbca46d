import type { Found, Thing } from "../../../cli/acceptance/belongings.ts";
import { accept, isAccepted, type Place } from "../../../cli/acceptance/run.ts";

/** The order of an acceptance, and what it never forgets. The whole on real servers: test/start/acceptance.test.ts. */

const OURS: Thing = { system: "LiveKit", kind: "trunk", id: "ST_1", name: "trunkline-acceptance" };
const THEIRS: Thing = { system: "Heroku", kind: "app", id: "theirs", name: "theirs" };

function place(changes: Partial<Place> = {}): Place & { did: string[]; live: Thing[] } {
  const did: string[] = [];
  const noted =
    <T>(name: string, result: T) =>
    async () => {
      did.push(name);
      return result;
    };
  const made = { did, live: [THEIRS] };
  return Object.assign(made, {
    find: async (): Promise<Found> => ({
      own: made.live.filter((thing) => thing !== THEIRS),
      others: made.live.filter((thing) => thing === THEIRS),
    }),
    sweep: async (own: readonly Thing[]) => {
      did.push(`sweep ${own.length}`);
      made.live = made.live.filter((thing) => !own.includes(thing));
    },
    up: noted("up", undefined),
    verify: noted("verify", "nobody is at a telephone"),
    drift: noted("drift", []),
    destroy: noted("destroy", undefined),
    ...changes,
  });
}

const run = (where: Place) => accept(where, () => undefined);

test("from nothing to nothing", async () => {
  const where = place();
  const result = await run(where);
  expect(where.did).toEqual(["sweep 0", "up", "verify", "drift", "destroy"]);
  expect(isAccepted(result)).toBe(true);
  expect(result.steps.map(({ verdict }) => verdict)).toEqual(["ok", "ok", "skipped", "ok", "ok", "ok"]);
});

test("what an earlier run has left goes first", async () => {
  const where = place();
  where.live.push(OURS);
  const { steps } = await run(where);
  expect(steps[0]?.saw).toContain('LiveKit trunk "trunkline-acceptance" (ST_1)');
  expect(where.live).toEqual([THEIRS]);
});

test("a deployment that fails is destroyed and looked after all the same", async () => {
  const where = place({ up: () => Promise.reject(new Error("no quota")) });
  const result = await run(where);
  expect(where.did).toEqual(["sweep 0", "destroy"]);
  expect(result.steps.map(({ name, verdict }) => [name, verdict])).toEqual([
    ["sweep", "ok"],
    ["up", "failed"],
    ["destroy", "ok"],
    ["nothing left", "ok"],
  ]);
  expect(isAccepted(result)).toBe(false);
});

test("what destroy leaves behind is told, removed, and no success", async () => {
  const where = place({
    destroy: async () => {
      where.live.push(OURS);
    },
  });
  const result = await run(where);
  expect(result.steps.at(-1)).toMatchObject({ verdict: "failed", saw: expect.stringContaining("ST_1") });
  expect(where.live).toEqual([THEIRS]);
});

test("something of others that is gone is no success", async () => {
  const where = place({
    destroy: async () => {
      where.live = [];
    },
  });
  expect((await run(where)).steps.at(-1)).toMatchObject({ verdict: "failed", saw: expect.stringContaining("theirs") });
});

test("accounts that cannot be looked at: nothing is made", async () => {
  const where = place({ find: () => Promise.reject(new Error("wrong key")) });
  const result = await run(where);
  expect(where.did).toEqual([]);
  expect(isAccepted(result)).toBe(false);
});
