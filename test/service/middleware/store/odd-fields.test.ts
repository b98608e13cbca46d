import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { callViewSchema, viewOf } from "../../../../service/middleware/calls/call-view.ts";
import { RecordError, readRecord } from "../../../../service/middleware/store/record-text.ts";

/** Every record that a version has left, with one field changed to something odd: it is read, and can be shown, or it is set aside. */

const FOLDER = join(import.meta.dirname, "versions");
const ODD = [null, -1, 0.5, "odd", [null], { constructor: "odd" }, undefined];

interface Left {
  keys: Record<string, { type: string; value: unknown }>;
}

/** By call id. */
function recordsOf(file: string): [string, unknown][] {
  const { keys } = JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Left;
  return Object.entries(keys).flatMap(([key, { value }]): [string, unknown][] => {
    const text = (value as { record?: string }).record;
    const id = /:call:(.+)$/.exec(key)?.[1];
    return text === undefined || id === undefined ? [] : [[id, JSON.parse(text)]];
  });
}

/** Copies of a value, each with one part replaced. */
function* withOneOdd(value: unknown, odd: unknown): Generator<unknown> {
  yield odd;
  if (typeof value !== "object" || value === null) return;
  for (const [name, part] of Object.entries(value))
    for (const changed of withOneOdd(part, odd)) {
      const copy = structuredClone(value) as Record<string, unknown>;
      copy[name] = changed;
      yield copy;
    }
}

test.each(readdirSync(FOLDER))("%s", (file) => {
  const records = recordsOf(file);
  expect(records.length).toBeGreaterThan(0);
  const views = records.flatMap(([id, record]) =>
    ODD.flatMap((odd) => [...withOneOdd(record, odd)].map((changed) => viewed(JSON.stringify(changed) ?? "", id))),
  );
  expect(views.filter((issues) => issues === undefined).length).toBeGreaterThan(0);
  expect(views.filter((issues) => Array.isArray(issues))).toEqual([]);
});

/** What is wrong with the view of a record; `set aside` for one that is not read. */
function viewed(text: string, id: string): unknown {
  try {
    return callViewSchema.safeParse(viewOf(readRecord(text, id), true)).error?.issues;
  } catch (error) {
    if (error instanceof RecordError) return "set aside";
    throw error;
  }
}
