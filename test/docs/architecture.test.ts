import { existsSync, readFileSync } from "node:fs";

/** docs/ARCHITECTURE.md: a map is of use only while the rooms are where it says. */

const map = readFileSync("docs/ARCHITECTURE.md", "utf8");

test("every room and file it names exists", () => {
  const named = [...map.matchAll(/`((?:infra|providers|service|cli|sandbox|bench|tools|sdks|test|\.dep)[\w./-]*)`/g)];
  const paths = named.map(([, path = ""]) => path).filter((path) => path.includes("/") || path.includes("."));
  expect(paths.length).toBeGreaterThan(25);
  for (const path of paths) expect({ path, exists: existsSync(path) }).toEqual({ path, exists: true });
});

test("every link and picture leads somewhere", () => {
  const links = [...map.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = ""]) => path);
  expect(links.length).toBeGreaterThan(6);
  for (const path of links) expect({ path, exists: existsSync(`docs/${path}`) }).toEqual({ path, exists: true });
});

test.each(["architecture", "flows"])("the picture %s says in words what it shows", (name) => {
  const picture = readFileSync(`docs/images/${name}.svg`, "utf8");
  expect(picture).toMatch(/<title id="title">.{10,}<\/title>\s*<desc id="desc">.{80,}<\/desc>/);
});
