import { own } from "@trunkline/contract";
import { markdownCode, markdownText, shown } from "../../providers/text/foreign.ts";
import { HIDDEN, roomName } from "../../service/shared/index.ts";
import { objectOf, systemOf } from "../drift/objects.ts";
import type { PlannedStep } from "../drift/plan.ts";
import { valueText } from "../drift/report.ts";
import { markdownTable } from "../output/markdown.ts";
import type { TicketFacts } from "./facts.ts";

type Redact = (text: string) => string;

/** The ticket. What comes from outside is redacted piece by piece, before Markdown needs a character of it escaped, and as a whole. */
export function ticketText(facts: TicketFacts, redact: Redact): string {
  const write = new Writer(redact);
  const sections = [
    heading(facts, write),
    setUp(facts, write),
    resolved(facts, write),
    configuration(facts, write),
    findings(facts, write),
    ruledOut(facts, write),
    callSection(facts, write),
    notLookedAt(facts, write),
  ];
  return redact(
    sections
      .filter((section) => section.length > 0)
      .map((section) => section.join("\n"))
      .join("\n\n"),
  );
}

/** Values in Markdown: redacted, and without what a page would make of them. */
class Writer {
  readonly #redact: Redact;

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  /** A sentence, or a few words. */
  text(value: unknown): string {
    return markdownText(this.#redact(valueText(value)));
  }

  code(value: unknown): string {
    return markdownCode(this.#redact(valueText(value)));
  }

  /** A line in a block of code: none ends the block. */
  line(text: string): string {
    return shown(this.#redact(text), MOST_OF_LINE).replaceAll("```", "'''");
  }
}

/** A line of a log, whole. */
const MOST_OF_LINE = 2_000;

const NAMES = { livekit: "LiveKit", jambonz: "Jambonz", heroku: "Heroku" } as const;

function heading({ audience, stack, call, writtenAt }: TicketFacts, write: Writer): string[] {
  const to = audience === undefined ? "" : ` for ${NAMES[audience]}`;
  const about = call === undefined ? "SIP set-up" : `call ${write.code(call.id)}`;
  return [
    `# Support ticket${to}: ${about} (stack ${stack})`,
    "",
    `Written by \`npx --no-install trunkline ticket\` on ${writtenAt.toISOString()}. Passwords, keys and header values are left out; of phone numbers the last three digits are shown.`,
    "",
    "**What happens:** _what was expected, what happens instead, since when, for every call or for some_",
  ];
}

const LABELS: Record<string, string> = {
  outboundTrunkId: "outbound trunk (CreateSIPParticipant)",
  sipInboundTrunkId: "inbound trunk (the SBC dials LiveKit)",
  dispatchRuleId: "dispatch rule",
  livekitHost: "LiveKit project",
  region: "region of middleware and agent",
  sipHost: "SIP host that LiveKit calls",
  callFlow: "flow",
  pattern: "SIP URI of each call",
};

function setUp({ support, jambonz, audience, middlewareUrl }: TicketFacts, write: Writer): string[] {
  const rows = Object.entries({ ...support, ...(middlewareUrl && { middleware: middlewareUrl }) });
  const sids = audience === "livekit" ? [] : Object.entries(jambonz);
  const line = ([name, value]: [string, unknown], prefix = "") => [
    `${prefix}${own(LABELS, name) ?? write.text(name)}`,
    write.code(value),
  ];
  return [
    "## Set-up",
    "",
    ...markdownTable(["", ""], [...rows.map((row) => line(row)), ...sids.map((row) => line(row, "Jambonz: "))]),
  ];
}

function resolved({ removedLegacy, look, findings: found }: TicketFacts, write: Writer): string[] {
  const removed =
    removedLegacy.length === 0
      ? []
      : [`- Removed trunks and rules of an earlier set-up: ${removedLegacy.map((id) => write.code(id)).join(", ")}.`];
  const clear =
    look !== undefined && found.length === 0
      ? ["- No live trunks or rules clash: the routing was evaluated with LiveKit's own rules."]
      : [];
  const order =
    "- The room is made and the agent dispatched into it before any SIP reaches LiveKit; every call has a SIP URI of its own.";
  return ["## What was done so far", "", order, ...removed, ...clear];
}

/** Of the declaration, not of the object. */
const INTERNAL = new Set(
  "__provider owner host movedFrom adopt onDestroy legacyIds found metadata objects accountSid sipRealm".split(" "),
);
const NO_OBJECT = /:(SipRouting|LegacySipCleanup|ServiceReady|AgentReady|AgentRestart)$/;

function configuration({ look, audience }: TicketFacts, write: Writer): string[] {
  if (look === undefined) return [];
  const wanted = look.steps.filter(({ type }) => isFor(type, audience) && !NO_OBJECT.test(type));
  if (wanted.length === 0) return [];
  return ["## Configuration, declared and live", ...wanted.flatMap((step) => objectSection(step, write))];
}

function isFor(type: string, audience: TicketFacts["audience"]): boolean {
  const system = systemOf(type);
  return system !== "other" && (audience === undefined || system === NAMES[audience]);
}

function objectSection({ urn, type, id, op, before, after }: PlannedStep, write: Writer): string[] {
  const title = ["", `### ${systemOf(type)} ${write.text(objectOf(urn))} ${write.code(id)}`, ""];
  if (op === "delete") return [...title, "**It is declared and not there.**"];
  const names = Object.keys(before.inputs)
    .filter((name) => !INTERNAL.has(name))
    .sort();
  const rows = names.map((name) =>
    fieldRow(name, own(before.inputs, name), own(after.inputs, name) ?? own(before.inputs, name), write),
  );
  return [
    ...title,
    ...markdownTable(
      ["field", "declared", "live"],
      rows.filter((row) => row[1] !== "–" || row[2] !== "the same"),
    ),
  ];
}

function fieldRow(name: string, declared: unknown, live: unknown, write: Writer): string[] {
  const isSame = JSON.stringify(declared) === JSON.stringify(live);
  const show = (value: unknown) => write.code(isEmpty(value) ? "" : name === "headers" ? withoutValues(value) : value);
  return [write.text(name), show(declared), isSame ? "the same" : `**${show(live)}**`];
}

/** A header may carry a key. */
function withoutValues(headers: unknown): unknown {
  return Object.fromEntries(Object.keys(headers as object).map((name) => [name, HIDDEN]));
}

function isEmpty(value: unknown): boolean {
  return value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}

function findings({ findings: found, look }: TicketFacts, write: Writer): string[] {
  const differences = look?.differences ?? [];
  if (found.length + differences.length === 0) return [];
  return [
    "## Findings",
    "",
    ...found.map(({ severity, code, message }) => `- ${severity} ${code}: ${write.text(message)}`),
    ...differences.map(({ kind, object, id, field, what }) =>
      `- ${kind}: ${write.text(object)} ${write.code(id)} ${write.text(field || "")}: ${write.text(what)}`.replaceAll(
        " – ",
        " ",
      ),
    ),
  ];
}

function ruledOut({ causes, look, findings: found }: TicketFacts, write: Writer): string[] {
  const quiet = causes
    .filter(({ state }) => state === "not found")
    .map(({ shows, detail }) => `- ${write.text(shows)}: not found, ${write.text(detail)}`);
  const open = causes
    .filter(({ state }) => state === "cannot be measured")
    .map(({ shows, detail }) => `- ${write.text(shows)}: cannot be told from here, ${write.text(detail)}`);
  const same =
    look?.differences.length === 0 ? ["- Hand edits: what is live is what is declared, field by field."] : [];
  const clean =
    look !== undefined && found.length === 0
      ? ["- Trunks and rules that clash, never match or lead nowhere: none."]
      : [];
  return ["## Already ruled out", "", ...same, ...clean, ...quiet, ...open];
}

function callSection({ call, log }: TicketFacts, write: Writer): string[] {
  if (call === undefined) return log === undefined ? [] : logSection(log, write);
  const { id, timeline, startedAt, endedAt, agent, ids, offeredCodecs, ...rest } = call;
  const facts = {
    "LiveKit room": roomName(id),
    "SIP user": roomName(id),
    ...namedIds(ids ?? {}),
    ...rest,
    // What was agreed on, LiveKit and jambonz keep to their own logs.
    ...(offeredCodecs && { "codecs the carrier offered": offeredCodecs.join(", ") }),
    agent: `${agent.name}, ${agent.ready ? "ready" : "not ready"}`,
    ...log?.ids,
  };
  const times = {
    started: new Date(startedAt).toISOString(),
    ...(endedAt !== undefined && { ended: new Date(endedAt).toISOString() }),
  };
  const events = timeline.map(({ event, at }) => [
    new Date(at).toISOString(),
    `${at - startedAt} ms`,
    write.text(event),
  ]);
  return [
    "## The call",
    "",
    ...markdownTable(
      ["", ""],
      Object.entries({ ...facts, ...times }).map(([name, value]) => [write.text(name), write.code(value)]),
    ),
    "",
    ...markdownTable(["time", "after", "event"], events),
    ...(log === undefined ? [] : ["", ...logSection(log, write)]),
  ];
}

const ID_NAMES: Record<string, string> = {
  livekitCallId: "LiveKit call id",
  callSid: "jambonz call_sid of the caller's leg",
  legSid: "jambonz call_sid of the agent's leg",
  sipCallId: "SIP Call-ID of the carrier's INVITE",
  jambonzTraceId: "jambonz trace id",
};

function namedIds({ room: _room, ...ids }: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(ids).map(([name, id]) => [own(ID_NAMES, name) ?? name, id]));
}

function logSection({ lines }: NonNullable<TicketFacts["log"]>, write: Writer): string[] {
  const text = lines.map(
    ({ at, text: line }) => `${at === undefined ? "" : `${new Date(at).toISOString()} `}${write.line(line)}`,
  );
  return ["## Last log lines of the call", "", "```", ...text, "```"];
}

function notLookedAt({ missing }: TicketFacts, write: Writer): string[] {
  return missing.length === 0
    ? []
    : ["## Could not be looked at", "", ...missing.map((reason) => `- ${write.text(reason)}`)];
}
