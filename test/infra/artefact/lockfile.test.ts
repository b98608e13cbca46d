import { type Lockfile, pruneLockfile } from "../../../infra/artefact/lockfile.ts";

const lockfile: Lockfile = {
  lockfileVersion: 3,
  packages: {
    "": { workspaces: ["service/web", "service/shared", "tools/other"] },
    "node_modules/@x/web": { resolved: "service/web", link: true },
    "node_modules/@x/shared": { resolved: "service/shared", link: true },
    "node_modules/@x/other": { resolved: "tools/other", link: true },
    "service/web": { dependencies: { "@x/shared": "*", http: "1.0.0" }, devDependencies: { types: "1.0.0" } },
    "service/shared": { dependencies: { log: "2.0.0" } },
    "tools/other": { dependencies: { other: "1.0.0" } },
    "service/shared/node_modules/log": { version: "2.0.0", dependencies: { colour: "1.0.0" } },
    "node_modules/log": { version: "1.0.0" },
    "node_modules/colour": { version: "1.0.0" },
    "node_modules/http": { version: "1.0.0", optionalDependencies: { fast: "1.0.0", absent: "1.0.0" } },
    "node_modules/http/node_modules/fast": { version: "1.0.0", optional: true },
    "node_modules/types": { version: "1.0.0", dev: true },
    "node_modules/other": { version: "1.0.0" },
  },
};

test("keeps the workspaces and what they need to run, each at its place", () => {
  const { packages } = pruneLockfile(lockfile, { name: "app" }, ["service/web", "service/shared"]);
  expect(Object.keys(packages)).toEqual([
    "",
    "node_modules/@x/shared",
    "node_modules/@x/web",
    "node_modules/colour",
    "node_modules/http",
    "node_modules/http/node_modules/fast",
    "service/shared",
    "service/shared/node_modules/log",
    "service/web",
  ]);
  expect(packages["service/web"]).toEqual({ dependencies: { "@x/shared": "*", http: "1.0.0" } });
});

test("names a dependency that the lockfile lacks", () => {
  const { "node_modules/http": _, ...packages } = lockfile.packages;
  expect(() => pruneLockfile({ packages }, {}, ["service/web", "service/shared"])).toThrow('lacks "http"');
});

test("names a workspace that the lockfile lacks", () => {
  expect(() => pruneLockfile(lockfile, {}, ["service/new"])).toThrow('no workspace "service/new"');
});
