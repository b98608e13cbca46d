import { DEFAULT_PACKET_MS } from "../../sandbox/callers/sdp.ts";
import type { CommandIO } from "../output/io.ts";
import { table } from "../output/table.ts";
import type { Checked } from "./check.ts";
import { describeRules } from "./media-rules.ts";
import type { Row } from "./rows.ts";
import type { BothRules } from "./sandbox.ts";

/** A whole run. */
export interface CodecReport {
  /** Whose trunks' rules these are; undefined: LiveKit's own. */
  stack: string | undefined;
  rules: BothRules;
  checked: Checked[];
}

export function codecsJson({ stack, rules, checked }: CodecReport): object {
  return {
    format: "trunkline.codecs/1",
    ...(stack !== undefined && { stack }),
    rules,
    ok: isAsKnown(checked),
    rows: checked.map(({ row, ...rest }) => ({ ...row, ...rest })),
  };
}

export function isAsKnown(checked: readonly Checked[]): boolean {
  return checked.every(({ differences }) => differences.length === 0);
}

export function codecsText(report: CodecReport, { colors, width }: CommandIO): string {
  const rows = report.checked.map((each) => [
    each.differences.length === 0 ? colors.green("✓") : colors.red("✗"),
    each.row.name,
    offerText(each.row),
    answerText(each),
    keysText(each),
    audioText(each),
    each.measured.pace?.toFixed(1) ?? "",
    each.differences.join("; ") || remark(each),
  ]);
  const head = ["", "ROW", "OFFER", "ANSWER", "KEYS", "AUDIO", "1 s IS", "REMARK"];
  return [...headings(report), "", table(head, rows, { width }), "", verdict(report.checked, colors)].join("\n");
}

function headings({ stack, rules: { inbound, outbound } }: CodecReport): string[] {
  const whose = stack === undefined ? "Nothing declared" : `Stack ${stack}`;
  const [called, calls] = [describeRules(inbound), describeRules(outbound)];
  const encrypted = [inbound, outbound].some(({ mediaEncryption }) => mediaEncryption !== "disable");
  return [
    called === calls ? `${whose}: ${called}` : `${whose}: LiveKit is called with ${called}; calls with ${calls}`,
    ...(encrypted ? ["The calls of this check are not encrypted: SRTP is not part of it."] : []),
  ];
}

/** `direct  PCMA, G722 without keys, 40 ms`. */
export function offerText({ path, offer }: Row): string {
  const { codecs, keys = true, packetMs = DEFAULT_PACKET_MS, encrypted = false } = offer;
  const extras = [
    ...(keys ? [] : ["without keys"]),
    ...(packetMs === DEFAULT_PACKET_MS ? [] : [`${packetMs} ms`]),
    ...(encrypted ? ["SAVP"] : []),
  ];
  return `${path}: ${[codecs.join(", "), ...extras].join(", ")}`;
}

function answerText({ measured: { status, reason, codec, profile, agentOffer, agentCodec } }: Checked): string {
  if (status >= 300) return `${status} ${reason}`.trim();
  const leg = agentCodec ?? agentOffer?.join(", ");
  const to = leg === undefined ? "" : agentCodec === undefined ? `; LiveKit offers ${leg}` : `; to the agent ${leg}`;
  return `${status} ${codec ?? "no codec"}${profile === "RTP/AVP" ? "" : ` ${profile ?? ""}`}${to}`;
}

function keysText({ measured: { status, keys } }: Checked): string {
  if (status >= 300) return "";
  if (!keys.agreed) return "off";
  return keys.toAgent && keys.toCaller ? "both ways" : `agreed${keys.toAgent ? ", to the agent only" : ""}`;
}

function audioText({ measured: { status, toCaller, toAgent } }: Checked): string {
  if (status >= 300) return "";
  if (toCaller && toAgent) return "both ways";
  if (toCaller) return "to the caller only";
  return toAgent ? "to the agent only" : "none";
}

/** What is known, and needs saying. */
function remark({ row, known, measured }: Checked): string {
  if (known.status >= 300) return "known: refused, no common codec";
  if (known.pace === "unsteady") return "known bad; anchorMedia keeps it away";
  if (!known.keys) return "known: no telephone-event, no keys";
  if (row.offer.encrypted && !measured.isEncrypted) return "known: accepted, and not encrypted";
  return "";
}

function verdict(checked: readonly Checked[], colors: CommandIO["colors"]): string {
  const different = checked.filter(({ differences }) => differences.length > 0).length;
  if (different === 0) return colors.green(`All ${checked.length} rows are as known.`);
  return colors.red(
    `${different} of ${checked.length} rows are not as known: docs/CODEC_TEST_CHECKLIST.md says what to do.`,
  );
}
