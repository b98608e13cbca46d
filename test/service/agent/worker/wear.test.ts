import { Wear } from "../../../../service/agent/worker/wear.ts";

/** A host that had 110 MB at its start, and has `rssMb` now. */
function grownTo(rssMb: number): Wear {
  const wear = new Wear();
  wear.note(110);
  wear.note(rssMb);
  return wear;
}

test("a new host is neither worn nor grown, however large it is", () => {
  expect(new Wear().isWorn(0, true)).toBe(false);
  const large = new Wear();
  large.note(400);
  expect([large.isWorn(0, true), large.hasGrown]).toEqual([false, false]);
});

test("a host is worn that holds 70 MB more than at its start, beside 8 MB for each call", () => {
  expect(grownTo(180).isWorn(0, true)).toBe(false);
  expect(grownTo(181).isWorn(0, true)).toBe(true);
  expect(grownTo(220).isWorn(5, true)).toBe(false);
  expect(grownTo(221).isWorn(5, true)).toBe(true);
});

test("while calls begin it may hold twice as much", () => {
  expect(grownTo(250).isWorn(0, false)).toBe(false);
  expect(grownTo(251).isWorn(0, false)).toBe(true);
  expect(grownTo(291).isWorn(5, false)).toBe(true);
});

test("6 MB more than at the start are worth a new process when there is nothing else to do", () => {
  expect(grownTo(116).hasGrown).toBe(false);
  expect(grownTo(117).hasGrown).toBe(true);
  expect(grownTo(90).hasGrown).toBe(false);
});
