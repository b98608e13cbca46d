import { existsSync, readdirSync, readFileSync } from "node:fs";

/** CONTRIBUTING.md: its commands exist, its files are where it says, and changes are described for packages that exist. */

const guide = readFileSync("CONTRIBUTING.md", "utf8");
const { scripts, workspaces } = JSON.parse(readFileSync("package.json", "utf8")) as {
  scripts: Record<string, string>;
  workspaces: string[];
};

test("every npm script in it exists", () => {
  const names = [...guide.matchAll(/^npm (?:run )?(\w+)/gm)].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) expect(Object.keys(scripts)).toContain(name);
});

test("every other command in it is installed", () => {
  const names = [...guide.matchAll(/^npx --no-install (\w+)/gm)].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) expect(existsSync(`node_modules/.bin/${name}`)).toBe(true);
});

test("every file and folder it names exists", () => {
  const links = [...guide.matchAll(/\]\((docs\/[^)]+)\)/g)].map(([, path = ""]) => path);
  const named = [...guide.matchAll(/`((?:providers|service|cli|sandbox|test)\/[\w./-]*)`/g)].map(
    ([, path = ""]) => path,
  );
  expect(links.length + named.length).toBeGreaterThan(8);
  for (const path of [...links, ...named]) expect({ path, exists: existsSync(path) }).toEqual({ path, exists: true });
});

test("every changeset names packages of this repository", () => {
  const packages = workspaces.map(
    (folder) => JSON.parse(readFileSync(`${folder}/package.json`, "utf8")).name as string,
  );
  for (const file of readdirSync(".changeset").filter((name) => name.endsWith(".md") && name !== "README.md")) {
    const named = [...readFileSync(`.changeset/${file}`, "utf8").matchAll(/^"([^"]+)": (?:major|minor|patch)$/gm)];
    expect(named.length).toBeGreaterThan(0);
    for (const [, name] of named) expect(packages).toContain(name);
  }
});
