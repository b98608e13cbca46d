import type { System } from "../../sandbox/calls/system.ts";
import { callRow, type DirectEntry } from "./calls.ts";
import { differencesOf } from "./differences.ts";
import { type Known, knownFor } from "./expect.ts";
import type { Measured } from "./measured.ts";
import type { Row } from "./rows.ts";
import type { BothRules } from "./sandbox.ts";

/** A row with what is known of it and what has come of it. */
export interface Checked {
  row: Row;
  known: Known;
  measured: Measured;
  /** Empty: as known. */
  differences: string[];
}

/** So many calls at once: each waits for its agent most of the time. */
const AT_ONCE = 6;

/** A difference is told when it shows so many times: a busy machine can cut a call short, a server's habit shows each time. */
const LOOKS = 3;

/** All rows, a few at a time, in their order; those that differ again, one at a time. */
export async function checkRows(
  system: System,
  entry: DirectEntry,
  rows: readonly Row[],
  rules: BothRules,
  onChecked: (checked: Checked) => void,
): Promise<Checked[]> {
  const all: Checked[] = [];
  let calls = 0;
  const look = async (row: Row): Promise<Checked> => {
    const measured = await callRow(system, entry, row, calls++);
    const known = knownFor(row, rulesFor(row, rules));
    return { row, known, measured, differences: differencesOf(known, measured) };
  };
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < rows.length; index = next++) {
      all[index] = await look(rows[index] as Row);
      onChecked(all[index] as Checked);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  for (let looks = 1; looks < LOOKS; looks++)
    for (const [index, { row, differences }] of all.entries()) if (differences.length > 0) all[index] = await look(row);
  return all;
}

/** LiveKit is called over the inbound trunk, but for the callback. */
function rulesFor({ path }: Row, { inbound, outbound }: BothRules) {
  return path === "callback" ? outbound : inbound;
}
