import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What is written may have names, numbers and secrets in it: it is for its user alone, whatever the shell's umask is. */

const WRITES = /\b(?:writeFile|appendFile|createWriteStream|mkdir|cp|copyFile)(?:Sync)?\([^;]*;/g;
const IGNORED = (name: string) => name === "node_modules";
const writesIn = (folders: string) =>
  globSync(`${folders}/**/*.ts`, { exclude: IGNORED }).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(WRITES)].map(([call]) => ({ file, call })),
  );

test("what a Pulumi program writes is private by itself: `pulumi` is not one of our commands", () => {
  const writes = writesIn("{providers,infra}");
  expect(writes.length).toBeGreaterThan(3);
  expect(writes.filter(({ call }) => !/mode: 0o[67]00\b/.test(call))).toEqual([]);
});

test("commands write by one module, which tells what is wrong with the file", () => {
  expect(
    writesIn("cli/{acceptance,adopt,commands,doctor,drift,explain,leave,livekit,output,restore,ticket,verify}"),
  ).toEqual([]);
});

test("services write no file", () => expect(writesIn("service/{agent,middleware,shared}")).toEqual([]));

const COMMANDS: [string, string[]][] = [
  ["drift --stack nowhere --summary", ["summary.md"]],
  ["ticket --stack nowhere", ["home/logs"]],
  ["verify --stack nowhere --number +493012345678 --report FOLDER/of/reports/report.md", ["of", "of/reports"]],
];
// `acceptance`, and `verify` to its end: test/start.

describe.each(["000", "022"])("with umask %s", (umask) => {
  test.each(COMMANDS)("`%s` and the programs that it starts write for the user alone", (line, expected) => {
    const folder = mkdtempSync(join(tmpdir(), "trunkline-private-"));
    const env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TMPDIR: folder,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "x",
      GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
    };
    const args = line.replace("FOLDER", folder).split(" ");
    const command = [process.execPath, join("cli", "main.ts"), ...args];
    const { stderr } = spawnSync("sh", ["-c", `umask ${umask}; exec "$0" "$@"`, ...command], { env, encoding: "utf8" });
    expect(stderr).toContain("WRONG_STACK");
    const written = readdirSync(folder, { recursive: true, encoding: "utf8" });
    expect(written).toEqual(expect.arrayContaining(expected));
    expect(written.length).toBeGreaterThan(3);
    expect(written.filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0)).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
