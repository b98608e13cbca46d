import { join } from "node:path";
import { redactLine } from "../../service/shared/index.ts";
import { writeOutputFile } from "../output-file.ts";
import { type Verification, verificationJson, verificationMarkdown } from "./report.ts";

/** Where reports are kept with the project: what they say was seen is what the README may say. */
export const REPORTS_FOLDER = join("docs", "verified");

/**
 * Writes the report as Markdown, and as JSON beside it.
 * @param file default: docs/verified/<stack>-<date>.md in `folder`
 * @returns the Markdown file
 * @throws CliError BAD_FILE
 */
export function writeReport(verification: Verification, folder: string, file?: string): string {
  const { stack, writtenAt } = verification;
  const name = `${stack.replaceAll("/", "-")}-${writtenAt.toISOString().slice(0, 10)}.md`;
  const path = file ?? join(folder, REPORTS_FOLDER, name);
  writeOutputFile(path, verificationMarkdown(verification));
  writeOutputFile(
    path.replace(/\.md$/, ".json"),
    redactLine(`${JSON.stringify(verificationJson(verification), null, 2)}\n`),
  );
  return path;
}
