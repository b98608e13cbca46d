import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHAPTERS, FINDING_KINDS, type FindingKind } from "../../providers/livekit/routing/index.ts";

export const GUIDE_FILE = join("docs", "FINDINGS.md");

/** The document, whole: every kind of finding with its meaning, an example, the cure and where it was published. */
export function findingsGuide(): string {
  const count = Object.keys(FINDING_KINDS).length;
  return [
    "# Findings",
    "",
    `The ${count} kinds of mistakes that \`npx --no-install trunkline doctor\` finds in any LiveKit project, live or in a file. Generated from`,
    "`providers/livekit/routing/findings` by `node cli/checks/findings-guide.ts`; a test compares them, and tests each kind.",
    "",
    "**error**: calls fail, or are let in unasked. **warning**: surprising. A finding may be milder than its kind where only part of a list is wrong.",
    "`doctor` exits with 2 when it finds anything, with 1 when it cannot tell. What it does not understand it never proposes for removal.",
    "",
    ...Object.entries(CHAPTERS).flatMap(([title, kinds]) => chapter(title, kinds)),
  ].join("\n");
}

function chapter(title: string, kinds: Readonly<Record<string, FindingKind>>): string[] {
  return [`## ${title}`, "", ...Object.entries(kinds).flatMap(([code, kind]) => section(code, kind))];
}

function section(code: string, { severity, means, example, cure, sources }: FindingKind): string[] {
  return [
    `### ${code}`,
    "",
    `**${severity}.** ${means}`,
    "",
    `- Example: \`${example}\``,
    `- Cure: ${cure}`,
    `- Sources: ${sources.map(sourceText).join(", ")}`,
    "",
  ];
}

const ISSUE = /^([\w.-]+\/[\w.-]+)#(\d+)$/;

/** GitHub shows a pull request at the address of an issue, too. */
function sourceText(source: string): string {
  const [, repository, number] = ISSUE.exec(source) ?? [];
  if (repository !== undefined) return `[${source}](https://github.com/${repository}/issues/${number})`;
  return source.startsWith("https://") ? `<${source}>` : source;
}

if (process.argv[1]?.endsWith("findings-guide.ts")) writeFileSync(GUIDE_FILE, findingsGuide());
