import { runInNewContext } from "node:vm";
import { type Literal, literalsOfTheProduct } from "./literals.ts";
import { hostileInputs } from "./pumps.ts";

/** No text from outside takes an expression more than linear time: 10 KB are read in far less than a millisecond then, else in tens of them. */

jest.setTimeout(120_000);
const LENGTH = 10_000;
const MOST_CPU_MS = 25;
/** A garbage collection in one try is not in all of them. */
const TRIES = 4;
const ENDLESS_MS = 2_000;

/** They read what is ours alone. */
const EXCEPT: ReadonlyMap<string, string> = new Map([["cli/checks/stand-in-table.ts", "the stand-in's own sources"]]);

/** Of the CPU, not of the clock: other processes do not count. */
function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** A text that takes it long. Texts are tried together; where time is up, the last one alone: a busy machine is slow with all of them. */
function slowOn({ source, flags }: Pick<Literal, "source" | "flags">): string | undefined {
  let last = "";
  const isSlow = (expression: RegExp, text: string) => {
    last = text;
    return Array.from({ length: TRIES }).every(() => cpuMs(() => expression.test(text)) > MOST_CPU_MS);
  };
  const firstSlow = (texts: readonly string[]): string | undefined => {
    const find = "texts.find((text) => isSlow(new RegExp(source, flags), text))";
    try {
      return runInNewContext(find, { texts, isSlow, source, flags }, { timeout: ENDLESS_MS }) as string | undefined;
    } catch {
      return texts.length === 1 ? last : (firstSlow([last]) ?? firstSlow(texts.slice(texts.indexOf(last) + 1)));
    }
  };
  return firstSlow(hostileInputs(source, flags, LENGTH));
}

test.each([
  ["\\[trunkline:[^\\]]+\\]$", ""],
  ["\\s*\\n\\s*", "g"],
  ["^(\\w+\\s?)*$", ""],
])("/%s/%s is found", (source, flags) => {
  expect(slowOn({ source, flags })).toBeDefined();
});

test("every expression of the product reads 10 KB in linear time", () => {
  const wanted = literalsOfTheProduct().filter(({ file }) => !EXCEPT.has(file));
  const distinct = [...new Map(wanted.map((one) => [`/${one.source}/${one.flags}`, one])).entries()];
  expect(distinct.length).toBeGreaterThan(100);
  const slow = distinct.flatMap(([name, literal]) => {
    const text = slowOn(literal);
    return text === undefined
      ? []
      : [`${literal.file}:${literal.line}: ${name} on ${JSON.stringify(text.slice(0, 40))}…`];
  });
  expect(slow).toEqual([]);
});
