import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { behaviours, behavioursIn, rowOf, sourceFiles, TABLE_FILE } from "../../../cli/checks/stand-in-table.ts";

/** What the stand-in does has to come from somewhere: each behaviour is marked as read, seen live, or its own. */

const all = behaviours();

test.each(sourceFiles().filter((file) => ["verbs", "webhooks", "rest"].includes(dirname(file))))(
  "%s says where its behaviour comes from",
  (file) => {
    expect(all.filter((one) => one.file === file)).not.toEqual([]);
  },
);

test("what was read names the part of jambonz, and where in it", () => {
  const part = /^(feature-server|sbc-inbound|sbc-outbound|api-server|jambonz|FreeSWITCH|drachtio)\S*[ ;,].*\S/;
  for (const { source } of all.filter(({ mark }) => mark === "read")) expect(source).toMatch(part);
});

test("what was seen live names a report that is there, or a section of docs/JAMBONZ_LIVE.md", () => {
  const sections = [...readFileSync("docs/JAMBONZ_LIVE.md", "utf8").matchAll(/^## (\d+)\. /gm)].map(
    ([, number]) => number,
  );
  expect(sections.length).toBeGreaterThan(10);
  for (const { source } of all.filter(({ mark }) => mark === "seen live")) {
    const [, section] = /^jambonz-live, section (\d+)/.exec(source) ?? [];
    expect([source, section === undefined ? existsSync(source) : sections.includes(section)]).toEqual([source, true]);
  }
});

test("docs/STAND_IN.md lists them all, and no other: node cli/checks/stand-in-table.ts writes it", () => {
  const rows = readFileSync(TABLE_FILE, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  const withoutText = (row: string) => row.split(" | ").toSpliced(1, 1);
  expect(rows.map(withoutText)).toEqual(all.map(rowOf).map(withoutText));
});

test("a mark is found in either language, over several lines, and more than one in a comment", () => {
  const typescript =
    "/**\n * Waits 1 s (read: feature-server\n * lib/tasks/dequeue.js). Says nothing (own: no voice (yet)).\n */\n";
  expect(behavioursIn("a.ts", typescript).map(({ what, mark, source }) => [what, mark, source])).toEqual([
    ["Waits 1 s. Says nothing.", "read", "feature-server lib/tasks/dequeue.js"],
    ["Waits 1 s. Says nothing.", "own", "no voice (yet)"],
  ]);
  const go = "// bye ends\n// it (seen live: docs/verified/dev-2027-01-01.md).\nfunc bye() {}\n";
  expect(behavioursIn("b.go", go)).toEqual([
    { file: "b.go", what: "bye ends it.", mark: "seen live", source: "docs/verified/dev-2027-01-01.md" },
  ]);
});
