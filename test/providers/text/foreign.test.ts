import { spawnSync } from "node:child_process";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import {
  colored,
  jsonText,
  markdownCode,
  markdownText,
  quoted,
  shellWord,
  shown,
  terminal,
} from "../../../providers/text/foreign.ts";
import { hostileText, runs, UNSEEN } from "../../hostile/texts.ts";

/** Markdown with tables, HTML and bare links; what GitHub adds (mentions, issue numbers) is looked for in the plain text. */
const parser = new MarkdownIt({ html: true, linkify: true });

const TAGS = new Set("table thead tbody tr th td code p".split(" "));

function isHarmless(markdown: string): boolean {
  const rendered = parser.render(markdown);
  const tags = [...rendered.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag]) => tag ?? "");
  const plain = rendered.replaceAll(/<code>.*?<\/code>/gs, "").replaceAll(/&quot;/g, '"');
  return tags.every((tag) => TAGS.has(tag)) && !/[@#&]|www\.|:\/\/|gh-\d/i.test(plain);
}

describe("foreign text", () => {
  it("is one visible line in a terminal", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        for (const line of [shown(text), quoted(text)]) {
          expect(line).not.toMatch(UNSEEN);
          expect(line).not.toContain("\n");
          expect(line.length).toBeLessThan(300 * 10);
        }
      }),
      runs(500),
    );
  });

  it("stays as it is where every character can be seen", () => {
    for (const text of ["Büro Köln 2 (SBC)", "東京", "+49 30 123", "naïve → …", "😀"]) expect(shown(text)).toBe(text);
    expect(shown("x".repeat(301))).toBe(`${"x".repeat(300)}… (1 more characters)`);
    expect(quoted('a" and "b\\')).toBe('"a\\" and \\"b\\\\"');
  });

  it("leaves an output only its lines and our own colors", () => {
    expect(colored("\u001b[31mred\u001b[39m\nnext")).toBe("\u001b[31mred\u001b[39m\nnext");
    expect(terminal("\u001b[31mred")).toBe("\\u{1b}[31mred");
    expect(terminal("\u001b[2Ja\rb\u0085")).toBe("\\u{1b}[2Ja\\rb\\u{85}");
  });

  it("is the same value in JSON that shows itself", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const json = jsonText({ [text]: text }, 2);
        expect(json).not.toMatch(UNSEEN);
        expect(JSON.stringify(JSON.parse(json))).toBe(JSON.stringify(JSON.parse(JSON.stringify({ [text]: text }))));
      }),
      runs(500),
    );
  });

  it("is a code span in Markdown, alone, after a dash and in a table", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const code = markdownCode(text);
        for (const markdown of [code, `a ${code} b`, `| h | i |\n| --- | --- |\n| ${code} | ${code} |`])
          expect({ markdown, ok: isHarmless(markdown) }).toEqual({ markdown, ok: true });
        expect(parser.render(`| h | i |\n| - | - |\n| ${code} | end |`)).toContain("<td>end</td>");
      }),
      runs(500),
    );
  });

  it("does nothing inside a sentence in Markdown", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        for (const sentence of [`It has ${text}, see \`pulumi up\`.`, text]) {
          const row = `| h | i |\n| --- | --- |\n| ${markdownText(sentence)} | end |`;
          expect({ row, ok: isHarmless(row) }).toEqual({ row, ok: true });
          expect(parser.render(row)).toContain("<td>end</td>");
        }
      }),
      runs(500),
    );
    expect(markdownText("Was removed; `pulumi up` heals: 10 of 12 (a/b).")).toBe(
      "Was removed; `pulumi up` heals: 10 of 12 (a/b).",
    );
  });

  it("is one word in a shell, with every byte", () => {
    const texts = fc.sample(hostileText, runs(300)).map((text) => text.replaceAll("\0", "").toWellFormed());
    const script = texts.map((text) => `printf '%s\\0' ${shellWord(text)}`).join("\n");
    expect(script).not.toMatch(UNSEEN);
    const { stdout } = spawnSync("bash", { input: script, encoding: "utf8", cwd: "/", maxBuffer: 2 ** 30 });
    expect(stdout.split("\0").slice(0, -1)).toEqual(texts);
  });
});
