import MarkdownIt from "markdown-it";
import { terminal } from "../../providers/text/foreign.ts";
import { MARK, UNSEEN } from "./texts.ts";

/** For a terminal: nothing unseen, and no line that a foreign text has begun. */
export function expectPlain(text: string): void {
  const seen = terminal(text);
  expect(seen.split("\n").filter((line) => line.startsWith(MARK))).toEqual([]);
  expect(seen).not.toMatch(UNSEEN);
}

/** Before the border of the output, too: each text is harmless where it is put in. */
export function expectPlainAtOnce(text: string): void {
  expectPlain(text);
  expect(text).not.toMatch(UNSEEN);
}

const parser = new MarkdownIt({ html: true, linkify: true });
const OWN_TAGS = new Set("h1 h2 h3 p ul li table thead tbody tr th td code pre strong em br".split(" "));

/** For GitHub: no link, image, HTML, mention or number of an issue, and the tables hold. */
export function expectHarmlessMarkdown(markdown: string): void {
  expectPlainAtOnce(markdown);
  const rendered = parser.render(markdown);
  const tags = [...rendered.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag]) => tag ?? "");
  expect(tags.filter((tag) => !OWN_TAGS.has(tag))).toEqual([]);
  const plain = rendered.replaceAll(/<(code|pre)\b.*?<\/\1>/gs, "").replaceAll("&quot;", '"');
  expect(plain.match(/@\w|#\d|www\.|:\/\/|gh-\d|&/gi) ?? []).toEqual([]);
  for (const [table] of rendered.matchAll(/<table>.*?<\/table>/gs)) expectEvenRows(table);
}

function expectEvenRows(table: string): void {
  const cells = [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) => row?.match(/<t[hd]/g)?.length);
  expect(new Set(cells).size).toBe(1);
}

/** For machines, and still nothing that a terminal would obey. */
export function expectPlainJson(text: string): void {
  expectPlainAtOnce(text);
  expect(() => JSON.parse(text) as unknown).not.toThrow();
}
