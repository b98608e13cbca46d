import { z } from "zod";
import type { Plain } from "../../../providers/dynamic/plain.ts";
import { provider } from "../../../providers/dynamic/provider.ts";
import type { Handler } from "../../../providers/dynamic/resource.ts";
import { UNKNOWN } from "../../../providers/dynamic/unknown.ts";

/** The orders in which an engine calls the methods of one resource; on the real engine: test/engine/replacement.test.ts. */

interface Inputs {
  host: string;
  name: string;
}
type State = Inputs & { history: string[] };

let live: string[];
let made: number;

/** A kind whose object is found again by its name, as a trunk is by its mark. */
const handler: Handler<Inputs, State> = {
  fields: { host: z.string(), name: z.string() },
  replaceOn: ["host"],
  identity: ({ host, name }) => `${host} ${name}`,
  async create(inputs, before) {
    const id =
      live.find((each) => each === before?.id || each.startsWith(`${inputs.name}@`)) ?? `${inputs.name}@${++made}`;
    if (!live.includes(id)) live.push(id);
    return { id, outs: { ...inputs, history: [...(before?.state.history ?? []), id] } };
  },
  read: async () => undefined,
  update: async (_id, state, inputs) => ({ ...state, ...inputs }),
  async delete(id) {
    live = live.filter((each) => each !== id);
  },
};

const inputs = { host: "one", name: "sbc", __provider: "stub" };
/** One run of the engine is one process. */
const newRun = () => provider(handler);
let run: ReturnType<typeof newRun>;
let first: { id: string; outs: Plain };

async function make(declared: Plain): Promise<{ id: string; outs: Plain }> {
  await run.check({}, declared);
  const { id, outs } = await run.create(declared);
  return { id, outs: { ...outs, __provider: "stub" } };
}

beforeEach(async () => {
  [live, made] = [[], 0];
  run = newRun();
  first = await make(inputs);
  run = newRun();
});

test("old one first, without a diff: the object stays, and what its state knew", async () => {
  await run.check({}, inputs);
  await run.delete(first.id, first.outs);
  const { id, outs } = await run.create(inputs);
  expect(live).toEqual([first.id]);
  expect(id).toBe(first.id);
  expect(outs?.history).toEqual([first.id, first.id]);
});

test("new one first (a transform, another parent): the object stays", async () => {
  const second = await make(inputs);
  await run.delete(first.id, first.outs);
  expect(live).toEqual([second.id]);
});

test("new one first, killed before the old one goes: the next run leaves the object", async () => {
  const second = await make(inputs);
  run = newRun();
  await run.check(inputs, inputs);
  await run.diff(second.id, second.outs, inputs);
  await run.delete(first.id, first.outs);
  expect(live).toEqual([second.id]);
});

test("the same, left by a version that named no instances", async () => {
  const { instance: _, ...earlier } = first.outs;
  run = newRun();
  await run.check(inputs, inputs);
  await run.diff(first.id, earlier, inputs);
  await run.delete(first.id, earlier);
  expect(live).toEqual([first.id]);
});

test("old one first, killed before the new one is made: the next run takes the object, and what its state knew", async () => {
  await run.check({}, inputs);
  await run.delete(first.id, first.outs);
  run = newRun();
  await run.check(inputs, inputs);
  await run.diff(first.id, first.outs, inputs);
  const second = await make(inputs);
  expect(live).toEqual([first.id]);
  expect(second.outs.history).toEqual([first.id, first.id]);
});

test("another name and a replacement at once: the diff says that it is the same object", async () => {
  const renamed = { ...inputs, name: "renamed" };
  await run.check(inputs, renamed);
  await run.diff(first.id, first.outs, renamed);
  await run.check({}, renamed);
  await run.delete(first.id, first.outs);
  await run.create(renamed);
  expect(live).toEqual([first.id]);
});

test("another host: the old object goes", async () => {
  const moved = { ...inputs, host: "two" };
  await run.check(inputs, moved);
  await run.diff(first.id, first.outs, moved);
  await run.check({}, moved);
  await run.delete(first.id, first.outs);
  expect(live).toEqual([]);
});

test("asked what would become of it were another one replaced: that is no answer to what becomes of it", async () => {
  await run.diff(first.id, first.outs, { ...inputs, name: UNKNOWN });
  await run.check({}, inputs);
  await run.delete(first.id, first.outs);
  expect(live).toEqual([first.id]);
});

test("removed from the program, or destroyed: the object goes", async () => {
  await run.check({}, { ...inputs, name: "another" });
  await run.delete(first.id, first.outs);
  expect(live).toEqual([]);
});

test("made and removed by one process: the object goes", async () => {
  const second = await make({ ...inputs, name: "another" });
  await run.delete(second.id, second.outs);
  expect(live).toEqual([first.id]);
});

test("retained: the object stays", async () => {
  await run.delete(first.id, { ...first.outs, options: { retainOnDelete: true } });
  expect(live).toEqual([first.id]);
});
