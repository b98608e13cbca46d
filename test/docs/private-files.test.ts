import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * What a text has its reader run: an export, a row or a log goes into a file that nobody else reads, and no key stands among a program's arguments,
 * which every account of the machine sees.
 */

const WRITES =
  /(?<=\s)>{1,2} *(?!&|\/dev\/null|\()["\w$./~]|\| *tee\b|(?:^|\s)(?:--output|-o|--file=\S+ --show-secrets)[ =]["\w$./]/;
const KEY_AS_ARGUMENT = /\s(?:-H|--header|-u|--user)[ =]?["'][^"']*\$\{?\w*(?:KEY|TOKEN|SECRET|PASSWORD)/;
const documents = execFileSync("git", ["ls-files", "*.md"], { encoding: "utf8" })
  .trim()
  .split("\n")
  .filter((file) => !file.startsWith(".changeset/"));

/** The shell in a document: each fenced block, and each command in backticks. */
function commandsOf(text: string): string[] {
  const blocks = [...text.matchAll(/```(?:sh|bash|console)\n(.*?)```/gs)].map(([, block]) => block ?? "");
  const inline = [...text.replaceAll(/```.*?```/gs, "").matchAll(/`((?:umask|[a-z]+ [a-z]+) [^`\n]*)`/g)].map(
    ([, line]) => line ?? "",
  );
  return [...blocks, ...inline];
}

const isPrivate = (command: string) => !WRITES.test(command) || /\bumask 077\b/.test(command);

test.each(documents)("%s", (file) => {
  const commands = commandsOf(readFileSync(file, "utf8"));
  expect(commands.filter((command) => !isPrivate(command))).toEqual([]);
  expect(commands.filter((command) => KEY_AS_ARGUMENT.test(command))).toEqual([]);
});

test.each([
  "pulumi stack export > state.json",
  'curl -s "$URL" | tee /tmp/rows.json',
  "pulumi stack output --show-secrets >> out.json",
  "curl -o rows.json https://example.com",
])("%s is seen", (command) => {
  expect(isPrivate(command)).toBe(false);
  expect(isPrivate(`umask 077; ${command}`)).toBe(true);
});

test("a key among the arguments is seen", () => {
  expect('curl -H "Authorization: Bearer $CALLS_TOKEN" x').toMatch(KEY_AS_ARGUMENT);
  expect("printf 'Authorization: Bearer %s' \"$CALLS_TOKEN\" | curl -s -H @- x").not.toMatch(KEY_AS_ARGUMENT);
});
