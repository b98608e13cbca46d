import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STATIC_CHECKS } from "../../../cli/checks/static-checks.ts";

const folder = mkdtempSync(join(tmpdir(), "secrets-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { args = [], command = "" } = STATIC_CHECKS.find(({ name }) => name === "secrets") ?? {};

/** The check as `npm test` runs it, on one file. */
function scan(text: string) {
  const file = join(folder, "settings.ts");
  writeFileSync(file, text);
  const run = spawnSync(`node_modules/.bin/${command}`, [...args.filter((arg) => arg.startsWith("--")), file], {
    encoding: "utf8",
  });
  return { status: run.status, output: run.stdout + run.stderr };
}

test.each([
  ["a token of GitHub", `ghp_${"wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"}`],
  ["a password in a URL", `https://${"user:quite-secret"}@redis.acme.io/`],
  [
    "a private key",
    `-----BEGIN ${"RSA PRIVATE KEY"}-----\n${"MIIEpAIBAAKCAQEA".repeat(8)}\n-----END ${"RSA PRIVATE KEY"}-----`,
  ],
])("finds %s, and does not print it", (_name, secret) => {
  const { status, output } = scan(`export const value = \`${secret}\`;\n`);
  expect(status).toBe(1);
  expect(output).not.toContain(secret);
});

test("examples are no secrets", () => {
  expect(scan("export const drain = 'https://user:password@logs.example.com';\n")).toEqual({ status: 0, output: "" });
});
