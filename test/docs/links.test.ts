import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Links between the repository's own texts. */

const texts = execFileSync("git", ["ls-files", "*.md"], { encoding: "utf8" })
  .trim()
  .split("\n")
  .filter((file) => existsSync(file) && !/^(sdks|\.changeset)\//.test(file));

/** As GitHub makes them. */
function anchorsOf(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function brokenLinks(file: string): string[] {
  const text = readFileSync(file, "utf8").replaceAll(/^```[\s\S]*?^```/gm, "");
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? file : join(dirname(file), path);
    if (!existsSync(target)) return true;
    return anchor !== undefined && target.endsWith(".md") && !anchorsOf(readFileSync(target, "utf8")).includes(anchor);
  });
}

test.each(texts)("%s: every link leads to a file, and to a heading where it names one", (file) => {
  expect(brokenLinks(file)).toEqual([]);
});

test("the index names every text of docs/, each once", () => {
  const index = readFileSync("docs/README.md", "utf8");
  const linked = [...index.matchAll(/\]\(([A-Z0-9_]+\.md)\)/g)].map(([, name]) => name);
  const there = readdirSync("docs").filter((name) => name.endsWith(".md") && name !== "README.md");
  expect(linked.toSorted()).toEqual(there.toSorted());
});
