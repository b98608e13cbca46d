import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

/** What the package is made of. `contract` is not published: it becomes part of the package. */
const ROOMS = ["providers", "contract"];
/** The changelog is there from the first version on that changesets has made. */
const TEXTS = ["LICENSE", "providers/README.md", "providers/CHANGELOG.md"];

interface Manifest {
  dependencies: Record<string, string>;
  [field: string]: unknown;
}

/**
 * Builds `@trunkline/providers` as it is published, for `npm pack` and `npm publish`: CommonJS with declarations, which `require`, `import` and
 * every module setting of TypeScript load. Node runs no TypeScript below node_modules (ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING).
 * @param checkout the checkout, whose node_modules has the compiler
 * @param folder where the package goes; below the checkout, emptied first
 * @param repository `owner/name` at GitHub, which npm compares with the provenance of a release
 */
export function buildProviders(checkout: string, folder: string, repository?: string): void {
  rmSync(folder, { recursive: true, force: true });
  const sources = join(folder, "sources");
  for (const room of ROOMS) copyRoom(join(checkout, room), join(sources, room), sources);
  compile(checkout, sources, join(folder, "dist"));
  rmSync(sources, { recursive: true });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(publicManifest(checkout, repository), null, 2)}\n`);
  for (const text of TEXTS.filter((file) => existsSync(join(checkout, file))))
    copyFileSync(join(checkout, text), join(folder, basename(text)));
}

function copyRoom(room: string, target: string, sources: string): void {
  for (const file of globSync("**/*.ts", { cwd: room, exclude: ["**/node_modules/**"] })) {
    const to = join(target, file);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, insidePackage(readFileSync(join(room, file), "utf8"), dirname(to), sources));
  }
}

/** The source as part of one CommonJS package: `contract` is a folder beside it, and there is no `import.meta`. */
function insidePackage(source: string, folder: string, sources: string): string {
  const contract = relative(folder, join(sources, "contract")) || ".";
  const path = contract.startsWith(".") ? contract : `./${contract}`;
  return source
    .replaceAll(/"@trunkline\/contract((?:\/[a-z-]+)?)"/g, (_, part: string) => `"${path}${part}/index.ts"`)
    .replaceAll(/"(\.{1,2}\/[^"]+)\.ts"/g, '"$1.js"')
    .replaceAll("import.meta.url", "__filename");
}

function compile(checkout: string, sources: string, outDir: string): void {
  const options = {
    noEmit: false,
    allowImportingTsExtensions: false,
    rewriteRelativeImportExtensions: false,
    declaration: true,
    rootDir: ".",
    outDir,
    types: ["node"],
    target: "ES2022",
    lib: ["ES2024"],
    verbatimModuleSyntax: false,
  };
  const project = join(sources, "tsconfig.json");
  writeFileSync(
    project,
    JSON.stringify({ extends: join(checkout, "tsconfig.json"), compilerOptions: options, include: ["."] }),
  );
  writeFileSync(join(sources, "package.json"), JSON.stringify({ type: "commonjs" }));
  const compiler = join(checkout, "node_modules", "typescript", "bin", "tsc");
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", project], { encoding: "utf8" });
  if (status !== 0) throw new Error(`tsc ended with code ${status}\n${stdout}`);
}

/** The manifest of the workspace, with what only a published package has, and without what only a checkout has. */
function publicManifest(checkout: string, repository: string | undefined): Manifest {
  const {
    private: _private,
    type: _type,
    exports: _exports,
    dependencies,
    ...rest
  } = readManifest(checkout, "providers");
  const { "@trunkline/contract": _contract, ...direct } = dependencies;
  const git = { type: "git", url: `git+https://github.com/${repository}.git`, directory: "providers" };
  return {
    ...rest,
    ...(repository ? { repository: git } : {}),
    main: "./dist/providers/index.js",
    types: "./dist/providers/index.d.ts",
    exports: {
      ".": { types: "./dist/providers/index.d.ts", default: "./dist/providers/index.js" },
      "./package.json": "./package.json",
    },
    files: ["dist", "CHANGELOG.md"],
    dependencies: { ...readManifest(checkout, "contract").dependencies, ...direct },
    publishConfig: { access: "public", provenance: true },
  };
}

function readManifest(checkout: string, room: string): Manifest {
  return JSON.parse(readFileSync(join(checkout, room, "package.json"), "utf8")) as Manifest;
}
