import { readFileSync } from "node:fs";
import { findingsGuide, GUIDE_FILE } from "../../cli/checks/findings-guide.ts";
import { FINDING_KINDS } from "../../providers/livekit/routing/index.ts";

test("docs/FINDINGS.md is what node cli/checks/findings-guide.ts writes, with every kind in it", () => {
  const guide = readFileSync(GUIDE_FILE, "utf8");
  expect(guide).toBe(findingsGuide());
  const described = [...guide.matchAll(/^### (\w+)$/gm)].map(([, code]) => code);
  expect(described.toSorted()).toEqual(Object.keys(FINDING_KINDS).toSorted());
});

test("twenty published reports and more are linked", () => {
  const links = new Set(readFileSync(GUIDE_FILE, "utf8").match(/https:\/\/github\.com\/[^)]+\/issues\/\d+/g));
  expect(links.size).toBeGreaterThan(20);
});
