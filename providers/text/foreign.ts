/**
 * Showing text that others have written: names, numbers and metadata in LiveKit and Jambonz, answers of APIs, files. LiveKit's API
 * accepts ESC, CR, NEL and `$(…)` in a name (seen on livekit-server 1.13.5). Pure.
 */
import { escapeInJson, INVISIBLE } from "@trunkline/contract";

const SHORT: ReadonlyMap<string, string> = new Map(Object.entries({ "\n": "\\n", "\r": "\\r", "\t": "\\t" }));
/** A name of LiveKit's dashboard is shorter; a field of 200 KB would fill the screen. */
const MOST_CHARACTERS = 300;

/** On one line, as it is but for what cannot be seen, which is written `\n` or `\u{1b}`; the rest of a very long text is counted. */
export function shown(text: string, most: number = MOST_CHARACTERS): string {
  const start = text.slice(0, most);
  const rest = text.length - start.length;
  return visible(start) + (rest > 0 ? `… (${rest} more characters)` : "");
}

/** The same in quotes, for a sentence: the text cannot close them. */
export function quoted(text: string, most?: number): string {
  return `"${shown(text.replaceAll(/["\\]/g, "\\$&"), most)}"`;
}

/** Colors as `picocolors` writes them: red, green, yellow, bold, dim, and their ends. */
const COLOR = "\\x1b\\[(?:0|1|2|22|31|32|33|39)m";
const COLORS = new RegExp(`(${COLOR})`);
const WHOLE_COLOR = new RegExp(`^((?:${COLOR})+)(.*?)((?:${COLOR})+)$`, "s");

/** A whole output for a terminal: its lines stay, everything else that cannot be seen is escaped. */
export function terminal(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

/** The same where our own colors stay, too. */
export function colored(text: string): string {
  return text
    .split(COLORS)
    .map((part, index) => (index % 2 === 1 ? part : terminal(part)))
    .join("");
}

/** One cell of a table: on one line, and in color only as a whole. */
export function cell(text: string): string {
  const [, start = "", inner = text, end = ""] = WHOLE_COLOR.exec(text) ?? [];
  return start + terminal(inner.replaceAll(/\s+/g, (blank) => (blank.includes("\n") ? " " : blank))) + end;
}

/** JSON that shows itself in a terminal: what `JSON.stringify` leaves as it is (NEL, bidi marks) is escaped, too. */
export function jsonText(value: unknown, indent?: number): string {
  return escapeInJson(JSON.stringify(value, undefined, indent));
}

/** A Markdown code span, the one place in which GitHub reads no link, image, mention or HTML; also for a cell of a table. */
export function markdownCode(text: string): string {
  if (text.trim() === "") return "–";
  const inner = shown(text).replaceAll("|", "\\u{7c}");
  const longest = Math.max(0, ...[...inner.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const gap = /^[` ]|[` ]$/.test(inner) ? " " : "";
  return `${fence}${gap}${inner}${gap}${fence}`;
}

/** A word that Markdown, and GitHub on top of it, leave alone. */
const PLAIN_WORD =
  /^(?!.*(?:\/\/|www\.|gh-\d))(?!\W*[0-9a-f]{7,40}\W*$)(?:[\p{L}\p{N}.,;:()"'–…→←/?!%-]|(?<=[\p{L}\p{N}])_(?=[\p{L}\p{N}]))*$/iu;

/** A sentence of ours with foreign words in it, for Markdown: code in backticks stays code, and so becomes each word that could be more than a word. */
export function markdownText(text: string): string {
  return shown(text, 10 * MOST_CHARACTERS)
    .split(/`([^`]*)`/)
    .map((part, index) => (index % 2 === 1 ? markdownCode(part) : part.split(" ").map(markdownWord).join(" ")))
    .reduce((line, part) => line + (line.endsWith("`") && part.startsWith("`") ? " " : "") + part);
}

function markdownWord(word: string): string {
  return PLAIN_WORD.test(word) ? word : markdownCode(word);
}

/** One word of a shell line that is shown to be copied. In bash and zsh also with what cannot be seen in it. */
export function shellWord(text: string): string {
  if (/^[\w+:,./-]+$/.test(text)) return text;
  if (visible(text) === text) return `'${text.replaceAll("'", `'\\''`)}'`;
  const bytes = (found: string) => [...Buffer.from(found)].map((byte) => `\\x${hex(byte, 2)}`).join("");
  return `$'${text.replaceAll(/['\\]/g, "\\$&").replaceAll(INVISIBLE, bytes)}'`;
}

function visible(text: string): string {
  return text.replaceAll(INVISIBLE, (found) => SHORT.get(found) ?? `\\u{${hex(found.codePointAt(0) ?? 0, 2)}}`);
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
