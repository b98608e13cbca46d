import { markdownCode, markdownText } from "../../providers/text/foreign.ts";
import { maskNumber, redactor } from "../../service/shared/index.ts";
import type { CommandIO } from "../output/io.ts";
import { markdownTable } from "../output/markdown.ts";
import { table } from "../output/table.ts";
import { isGood, type Result } from "./run.ts";

/** A run of the test calls. Nothing secret; of phone numbers the last three digits. */
export interface Verification {
  stack: string;
  /** `live`: a real jambonz, LiveKit project and carrier. `sandbox`: the Jambonz stand-in on one machine. */
  kind: "live" | "sandbox";
  writtenAt: Date;
  number: string;
  flow: string;
  /** The content hash of the middleware that answered; undefined: not told. */
  build: string | undefined;
  results: Result[];
}

export function verificationJson(verification: Verification): Record<string, unknown> {
  const { stack, kind, writtenAt, number, flow, build, results } = verification;
  const head = { format: "trunkline.verify/1", ok: isGood(results), stack, kind, date: writtenAt.toISOString() };
  return { ...head, flow, number: maskNumber(number), ...(build !== undefined && { build }), checks: results };
}

const WORD = { ok: "yes", failed: "NO", unknown: "cannot be told", skipped: "not tried" } as const;

export function verificationText(
  { stack, kind, results }: Verification,
  io: Pick<CommandIO, "width" | "colors">,
): string {
  const { green, red, yellow, bold } = io.colors;
  const color = { ok: green, failed: red, unknown: yellow, skipped: yellow } as const;
  const rows = results.map(({ verdict, title, saw }) => [color[verdict](WORD[verdict]), title, saw]);
  const verdict = isGood(results) ? green("verified") : red("NOT verified");
  return `${table(["", "PROMISE", "SEEN"], rows, { width: io.width })}\n\n${bold(stack)} (${kind}): ${verdict}`;
}

export function verificationMarkdown({ stack, kind, writtenAt, number, flow, build, results }: Verification): string {
  const redact = redactor({ secrets: [], numbers: [number] });
  const where =
    kind === "live" ? "a live Jambonz, LiveKit project and carrier" : "the sandbox, whose Jambonz is a stand-in";
  const ofBuild = build === undefined ? "" : `, middleware build ${markdownCode(build)}`;
  return [
    `# ${stack}, ${writtenAt.toISOString().slice(0, 10)}: ${isGood(results) ? "verified" : "not verified"}`,
    "",
    `Test calls of \`npx --no-install trunkline verify --stack ${stack}\` on ${where}. Flow ${markdownCode(flow)}, called number ` +
      `${maskNumber(number)}${ofBuild}, ${writtenAt.toISOString()}.`,
    "",
    ...markdownTable(
      ["promise", "kept", "seen", "call"],
      results.map(({ title, verdict, saw, callId }) => [
        title,
        WORD[verdict],
        markdownText(redact(saw)),
        markdownCode(callId ?? ""),
      ]),
    ),
    "",
  ].join("\n");
}
