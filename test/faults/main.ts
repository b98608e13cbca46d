import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { workFolder } from "../../sandbox/root.ts";
import { ALL_FAULTS, callFaults, deploymentFaults } from "./all-faults.ts";
import type { FaultResult } from "./results.ts";
import { markdownOf, withResults } from "./table.ts";

/**
 * `npm run faults [-- --only PATTERN] [--json]`: every fault, one after another, on real servers; about half an hour on an
 * idle machine of two cores. The results are kept, so that it can be done in parts: when each fault has one, they are written
 * into docs/FAULTS.md. Exit code 1 when something did not hold.
 */

const DOCUMENT = "docs/FAULTS.md";
const { values } = parseArgs({
  options: { only: { type: "string", default: "" }, json: { type: "boolean", default: false } },
});
const pattern = new RegExp(values.only);
const isWanted = ({ group, name }: Pick<FaultResult, "group" | "name">) => pattern.test(`${group}: ${name}`);
const file = workFolder("faults", "results.json");
const tell = (line: string) => process.stderr.write(`${line}\n`);

const now: FaultResult[] = [];
for (const faults of [callFaults(isWanted), deploymentFaults(isWanted, (line) => tell(`  ${line}`))])
  for await (const result of faults) {
    now.push(result);
    keep(result);
    tell(`${result.violations.length === 0 ? "ok" : "NO"} ${result.group}: ${result.name}`);
    for (const line of [...result.seen, ...result.violations]) tell(`     ${line}`);
  }

const all = ALL_FAULTS.map((fault) => kept().find((result) => isSame(result, fault)));
const complete = all.flatMap((result) => result ?? []);
const about = `${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, everything on it; \`npm run faults\`.`;
if (complete.length === all.length) {
  writeFileSync(DOCUMENT, withResults(readFileSync(DOCUMENT, "utf8"), markdownOf(complete, about)));
  tell(`${complete.length} faults, all in ${DOCUMENT}`);
} else
  tell(
    `${all.length - complete.length} of ${all.length} faults have not been carried out yet: ${DOCUMENT} stays as it is`,
  );
if (values.json) process.stdout.write(`${JSON.stringify(now, undefined, 2)}\n`);
else process.stdout.write(`${markdownOf(now, about)}\n`);
if (now.some(({ violations }) => violations.length > 0)) process.exitCode = 1;

function kept(): FaultResult[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as FaultResult[]) : [];
}

function keep(result: FaultResult): void {
  mkdirSync(workFolder("faults"), { recursive: true });
  const others = kept().filter((other) => !isSame(other, result));
  writeFileSync(file, JSON.stringify([...others, result], undefined, 2));
}

function isSame(one: Pick<FaultResult, "group" | "name">, other: Pick<FaultResult, "group" | "name">): boolean {
  return one.group === other.group && one.name === other.name;
}
