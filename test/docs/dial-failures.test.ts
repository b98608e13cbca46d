import { readFileSync } from "node:fs";
import { DIAL_FAILURES } from "../../service/middleware/calls/dial-failures.ts";

const operations = readFileSync("docs/OPERATIONS.md", "utf8");

test.each(DIAL_FAILURES)("OPERATIONS has the row of: $reason", ({ statuses, reason, cure }) => {
  expect(operations).toContain(`| ${statuses.join(", ")} | ${reason} | ${cure} |\n`);
});

test("each status has one reason", () => {
  const statuses = DIAL_FAILURES.flatMap((failure) => failure.statuses);
  expect(new Set(statuses).size).toBe(statuses.length);
});
