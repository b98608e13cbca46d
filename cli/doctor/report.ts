import { readMetadata, readRuleMark } from "../../providers/dynamic/marks.ts";
import { type Call, FINDING_KINDS, type Finding } from "../../providers/livekit/routing/index.ts";
import { quoted, shellWord, shown } from "../../providers/text/foreign.ts";
import type { SipProject } from "../livekit/project.ts";
import { exportProject } from "../livekit/project-file.ts";
import type { Understanding } from "../livekit/understanding.ts";
import type { CommandIO } from "../output/io.ts";
import { table } from "../output/table.ts";
import type { Cause503 } from "./causes.ts";
import { notesOn } from "./notes.ts";
import type { Proposal } from "./proposal.ts";

export interface Diagnosis {
  project: SipProject;
  known: Understanding;
  findings: readonly Finding[];
  /** Findings that are not sure: what they rest on was not given, or is not understood. */
  leftOut: readonly Finding[];
  causes: Cause503[];
  /** Agents that are registered or declared, or of which a finding says that they are not. */
  toldAgents: ReadonlySet<string>;
  proposed: Proposal;
  /** Only what is live can be written into a stack file. */
  isLive: boolean;
  /** With `--write`: the stack file, and the ids it got. */
  written?: { file: string; ids: string[] };
}

/** For people. */
export function diagnosisText(diagnosis: Diagnosis, io: Pick<CommandIO, "colors" | "width">): string {
  return [
    `LiveKit project ${diagnosis.project.host}: ${countsText(diagnosis.project)}`,
    "",
    findingsText(diagnosis, io),
    "",
    causesText(diagnosis.causes, io),
    ...proposalText(diagnosis),
    ...notesOn(diagnosis.project, diagnosis.toldAgents).flatMap((note) => ["", note]),
  ].join("\n");
}

/** For machines; `project` is an export that `--file` reads. */
export function diagnosisJson({
  project,
  known,
  findings,
  leftOut,
  causes,
  proposed,
  toldAgents,
  written,
}: Diagnosis): object {
  return {
    format: "trunkline.doctor/1",
    clean: findings.length === 0 && !isInDoubt({ known, leftOut }),
    findings: findings.map((one) => ({ ...one, cure: FINDING_KINDS[one.code].cure })),
    leftOut: leftOut.map(({ code, ids }) => ({ code, ids })),
    causes503: causes,
    notes: notesOn(project, toldAgents),
    proposed: {
      inboundTrunkIds: proposed.inboundTrunkIds.map(({ id }) => id),
      dispatchRuleIds: proposed.dispatchRuleIds.map(({ id }) => id),
      ofClash: proposed.ofClash,
      spared: proposed.spared,
      orphaned: proposed.orphaned,
    },
    written,
    project: exportProject(project),
  };
}

export function causesText(causes: Cause503[], { colors, width }: Pick<CommandIO, "colors" | "width">): string {
  const paint = { found: colors.red, "not found": colors.green, "cannot be measured": colors.dim };
  const rows = causes.map(({ kind, shows, state, detail, cure }) => [
    kind,
    shows,
    paint[state](state),
    state === "found" ? `${detail}; ${cure}` : detail,
  ]);
  return table(["503 BY", "SHOWS ITSELF AS", "NOW", ""], rows, { width });
}

/** More would fill the screen and say no more; `--json` has all. */
const MOST_FINDINGS = 50;
const MOST_EXAMPLES = 5;
const MOST_CHARACTERS = 2_000;

function findingsText(
  { findings, known, leftOut, project }: Diagnosis,
  { colors, width }: Pick<CommandIO, "colors" | "width">,
): string {
  if (findings.length === 0)
    return isInDoubt({ known, leftOut })
      ? colors.yellow(["Nothing was found in what is known.", ...doubtText({ known, leftOut })].join("\n"))
      : colors.green("No findings.");
  const names = namesIn(project);
  const rows = findings
    .slice(0, MOST_FINDINGS)
    .map(({ severity, code, ids, message }) => [
      severity === "error" ? colors.red(severity) : colors.yellow(severity),
      code,
      [...new Set(ids)].map((id) => `${shown(id)} ${quoted(names.get(id) ?? "")}`).join(", "),
      shown(message, MOST_CHARACTERS),
    ]);
  const rest = findings.length - rows.length;
  return [
    table(["", "FINDING", "OBJECTS", "WHAT"], rows, { width }),
    ...(rest > 0 ? [`… and ${rest} more (all of them: --json)`] : []),
    ...doubtText({ known, leftOut }),
    ...curesOf(findings),
    ...examplesOf(findings),
  ].join("\n");
}

/** Whether clean cannot be told. */
export function isInDoubt({ known, leftOut }: Pick<Diagnosis, "known" | "leftOut">): boolean {
  return leftOut.length > 0 || known.missing.length > 0 || known.strange.size > 0 || known.hidden.length > 0;
}

/** Without their codes, which would read like findings. */
function doubtText({ known, leftOut }: Pick<Diagnosis, "known" | "leftOut">): string[] {
  return [...known.hidden, ...restText({ known, leftOut })];
}

function restText({ known, leftOut }: Pick<Diagnosis, "known" | "leftOut">): string[] {
  if (leftOut.length === 0)
    return known.missing.length > 0 || known.strange.size > 0
      ? ["Cannot tell whether that is all: not everything was given, or is known to this version."]
      : [];
  const about = few([...new Set(leftOut.flatMap(({ ids }) => ids))]);
  return [
    `Cannot tell what else is wrong with ${about}: it depends on what was not given, or on what this version does not know (--json: leftOut).`,
  ];
}

const MOST_IDS = 5;

function few(ids: readonly string[]): string {
  const some = ids.slice(0, MOST_IDS).map((id) => shown(id));
  return `${some.join(", ")}${ids.length > some.length ? ` and ${ids.length - some.length} more` : ""}`;
}

/** What to do about each kind that was found. */
function curesOf(findings: readonly Finding[]): string[] {
  const codes = [...new Set(findings.map(({ code }) => code))];
  return [
    "",
    "What to do (docs/FINDINGS.md says more):",
    ...codes.map((code) => `  ${code}: ${FINDING_KINDS[code].cure}`),
  ];
}

/** Lines of their own, to be copied. */
function examplesOf(findings: readonly Finding[]): string[] {
  const conflicts = findings.flatMap(({ conflict }) => (conflict === undefined ? [] : [conflict]));
  const commands = conflicts.slice(0, MOST_EXAMPLES).map(({ example }) => `  ${explainCommand(example)}`);
  return commands.length === 0 ? [] : ["", "To look at a clash:", ...commands];
}

/** The example call, ready to be looked at closer. Where any called number will do, one has to be written. */
function explainCommand({ caller, called, sourceAddress, fromHost }: Call): string {
  const options = [
    ["--from", caller],
    ["--to", called === "" ? ANY_NUMBER : called],
    ["--source-ip", sourceAddress],
    ["--from-host", fromHost === sourceAddress ? "" : (fromHost ?? "")],
  ] as const;
  const given = options.filter(([name, value]) => value !== "" || name === "--from");
  const words = given.map(([name, value]) => `${name}${value.startsWith("-") ? "=" : " "}${shellWord(value)}`);
  return `npx --no-install trunkline explain ${words.join(" ")}`;
}

/** From the range that Germany's regulator keeps free for such purposes. */
const ANY_NUMBER = "+493023125000";

function proposalText({ proposed, written, findings, isLive }: Diagnosis): string[] {
  const entries = [...proposed.inboundTrunkIds, ...proposed.dispatchRuleIds];
  if (findings.length === 0 || entries.length === 0) return sparedText(proposed);
  const list = entries.slice(0, MOST_FINDINGS).map(({ id, note }) => `  ${shown(id)}  ${shown(note)}`);
  if (entries.length > list.length) list.push(`  … and ${entries.length - list.length} more (all of them: --json)`);
  const end = !isLive
    ? "They were read from a file: run doctor on the live project before you remove any."
    : written === undefined
      ? "Put them into the stack file with --write; `pulumi preview --diff` then lists what would be removed."
      : `${written.file}: ${written.ids.length} new ids under trunkline:legacy. Review them; \`pulumi preview --diff\` lists what would be removed.`;
  const first =
    proposed.orphaned.length > 0
      ? [`Without them no rule is known to take the calls of ${few(proposed.orphaned)}: declare one first.`]
      : [];
  return ["", "Proposed for removal (no stack has declared them):", ...list, ...first, end, ...sparedText(proposed)];
}

function sparedText({ spared, ofClash }: Proposal): string[] {
  const first =
    ofClash.length === 0
      ? []
      : ["", `Not proposed: ${few(ofClash)}. Of rules that clash one can stay; it need not be this one.`];
  if (spared.length === 0) return first;
  return [
    ...first,
    "",
    `Not proposed: ${few(spared)}. Without, no rule would take the calls of trunks that stay; name these trunks in it.`,
  ];
}

function countsText({ inboundTrunks, outboundTrunks, dispatchRules }: SipProject): string {
  const unmarked =
    [...inboundTrunks, ...outboundTrunks].filter(({ metadata }) => readMetadata(metadata).mark === undefined).length +
    dispatchRules.filter(({ name }) => readRuleMark(name) === undefined).length;
  const all = inboundTrunks.length + outboundTrunks.length + dispatchRules.length;
  return `${inboundTrunks.length} inbound trunks, ${dispatchRules.length} dispatch rules, ${outboundTrunks.length} outbound trunks; ${unmarked} of ${all} objects are declared by no stack.`;
}

function namesIn({ inboundTrunks, outboundTrunks, dispatchRules }: SipProject): Map<string, string> {
  return new Map([
    ...[...inboundTrunks, ...outboundTrunks].map(({ sipTrunkId, name }) => [sipTrunkId, name] as const),
    ...dispatchRules.map(({ sipDispatchRuleId, name }) => [sipDispatchRuleId, name] as const),
  ]);
}
