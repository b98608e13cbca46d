import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where a behaviour of the Jambonz stand-in comes from. */
export interface Behaviour {
  /** In sandbox/jambonz. */
  file: string;
  /** What it does: the comment without its mark. */
  what: string;
  mark: "read" | "seen live" | "own";
  /** A component and file of jambonz; a section of docs/JAMBONZ_LIVE.md; why it is the stand-in's own. */
  source: string;
}

const FOLDER = join("sandbox", "jambonz");
export const TABLE_FILE = join("docs", "STAND_IN.md");
/** A comment in TypeScript, or lines of comment in Go. */
const COMMENT = /\/\*\*[\s\S]*?\*\/|(?:^[ \t]*\/\/ .*\n)+/gm;
const MARK = /\((read|seen live|own): ((?:[^()]|\([^()]*\))+)\)/g;

/** Every marked behaviour, by file, in the order in which they stand there. */
export function behaviours(folder = FOLDER): Behaviour[] {
  return sourceFiles(folder).flatMap((file) => behavioursIn(file, readFileSync(join(folder, file), "utf8")));
}

/** The source files of the stand-in, relative to its folder. Tests and types of other packages are none. */
export function sourceFiles(folder = FOLDER): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((file) => /\.(ts|go)$/.test(file) && !/(_test\.go|\.d\.ts)$/.test(file)).sort();
}

/** Pure. */
export function behavioursIn(file: string, text: string): Behaviour[] {
  return [...text.matchAll(COMMENT)].flatMap(([comment]) => {
    const plain = comment.replaceAll(/^[ \t]*(\/\*\*|\*\/|\*|\/\/) ?/gm, "").replace(/\*\/\s*$/, "");
    const line = plain.replaceAll(/\s+/g, " ").trim();
    const what = line
      .replaceAll(MARK, "")
      .replaceAll(/ +(?=[ .,;:])/g, "")
      .trim();
    return [...line.matchAll(MARK)].map(
      ([, mark, source = ""]): Behaviour => ({ file, what, mark: mark as Behaviour["mark"], source }),
    );
  });
}

/** The document, whole. */
function standInDocument(all: readonly Behaviour[]): string {
  const count = (mark: Behaviour["mark"]) => all.filter((one) => one.mark === mark).length;
  return [
    "# The Jambonz stand-in: where each behaviour comes from",
    "",
    "Generated from the comments in `sandbox/jambonz` by `node cli/checks/stand-in-table.ts`; a test compares them.",
    "",
    "- **read**: in the source of feature-server 0.9.8, sbc-inbound 0.9.6, sbc-outbound 0.9.9, the api-server of April 2026, FreeSWITCH.",
    "- **seen live**: on a real jambonz built from source; the section of [JAMBONZ_LIVE.md](JAMBONZ_LIVE.md) is named.",
    "- **own**: the stand-in's choice, where a real jambonz does otherwise.",
    "",
    `${count("read")} read, ${count("seen live")} seen live, ${count("own")} own.`,
    "",
    "| file | what it does | mark | source, or why |",
    "| --- | --- | --- | --- |",
    ...all.map(rowOf),
    "",
  ].join("\n");
}

/** A line of the table. */
export function rowOf({ file, what, mark, source }: Behaviour): string {
  const cells = [`\`${file}\``, what, mark, source].map((text) => text.replaceAll("|", "\\|"));
  return `| ${cells.join(" | ")} |`;
}

if (process.argv[1]?.endsWith("stand-in-table.ts")) writeFileSync(TABLE_FILE, standInDocument(behaviours()));
