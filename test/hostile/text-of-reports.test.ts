import fc from "fast-check";
import { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { pendingDifferences, refreshDifferences } from "../../cli/drift/changes.ts";
import type { Difference } from "../../cli/drift/difference.ts";
import type { Plan } from "../../cli/drift/plan.ts";
import { driftFailureMarkdown, driftJson, driftMarkdown, driftText } from "../../cli/drift/report.ts";
import { strayRows } from "../../cli/drift/stray-rows.ts";
import { conflictDifferences, unmanagedDifferences } from "../../cli/drift/unmanaged.ts";
import { CliError } from "../../cli/errors.ts";
import { failure, failureObject } from "../../cli/failure.ts";
import type { SipProject } from "../../cli/livekit/project.ts";
import { ticketText } from "../../cli/ticket/markdown.ts";
import { verificationMarkdown, verificationText } from "../../cli/verify/report.ts";
import { TrunklineError } from "../../providers/dynamic/errors.ts";
import { jsonText, shown } from "../../providers/text/foreign.ts";
import { redactor } from "../../service/shared/index.ts";
import { recorded } from "../cli/drift/recorded/index.ts";
import { recordedIO } from "../cli/recorded-io.ts";
import { ticketFacts } from "../cli/ticket/facts.ts";
import { hostileLike, hostileProject } from "./objects.ts";
import { expectHarmlessMarkdown, expectPlain, expectPlainAtOnce, expectPlainJson } from "./shown.ts";
import { hostileText, patience, runs } from "./texts.ts";

jest.setTimeout(patience(120_000)); // a busy machine takes six times as long

const io = recordedIO();
/** What Pulumi and our own code write, and nobody else can. */
const OURS = new Set("op type paths kind system".split(" "));

const project = hostileProject.map(
  ({ inboundTrunks, outboundTrunks, dispatchRules }): SipProject => ({
    host: "my-project:443",
    inboundTrunks: inboundTrunks.map((trunk) => SIPInboundTrunkInfo.fromJson(trunk as never)),
    outboundTrunks: outboundTrunks.map((trunk) => SIPOutboundTrunkInfo.fromJson(trunk as never)),
    dispatchRules: dispatchRules.map((rule) => SIPDispatchRuleInfo.fromJson(rule as never)),
  }),
);

const ROW = { application_sid: "a", voip_carrier_sid: "c", name: "n", number: "1", ipv4: "i", phone_number_sid: "p" };
const rows = hostileLike(ROW).map((row) => {
  const ours = { ...row, application_sid: "app", voip_carrier_sid: "carrier" };
  return {
    applications: [row],
    carriers: [ours],
    numbers: [ours],
    gateways: [{ ...ours, sip_gateway_sid: row.number }],
  };
});
const DECLARED = {
  ids: new Set<string>(),
  applications: new Set(["app"]),
  carriers: new Set(["carrier"]),
  carriersWithGateways: new Set(["carrier"]),
  hooks: new Set<string>(),
};

/** From every source that a drift has. */
const differences: fc.Arbitrary<Difference[]> = fc
  .tuple(
    hostileLike<Plan>(recorded("drifted.refresh"), OURS),
    hostileLike<Plan>(recorded("conflict.preview"), OURS),
    project,
    rows,
  )
  .map(([refresh, preview, live, stray]) => [
    ...refreshDifferences(refresh),
    ...pendingDifferences(preview, []),
    ...unmanagedDifferences(live, { ids: new Set(), owner: undefined, removed: [] }),
    ...conflictDifferences(live, new Set()),
    ...strayRows(stray, DECLARED),
  ]);

test("drift shows what is live as text, in a terminal, JSON and a GitHub issue", () => {
  fc.assert(
    fc.property(differences, hostileText, (found, message) => {
      const report = { stack: "dev", differences: found, before: found };
      expectPlainAtOnce(driftText(report, io));
      expectPlainJson(jsonText(driftJson(report)));
      expectHarmlessMarkdown(driftMarkdown(report));
      expectHarmlessMarkdown(driftFailureMarkdown("dev", `CANNOT_LOOK: ${message}`, []));
    }),
    runs(15),
  );
});

test("objects without an id, which LiveKit's JSON leaves out, are shown as the others", () => {
  const named = ["", "SDR_\u00fc", ""].map((sipDispatchRuleId) => SIPDispatchRuleInfo.fromJson({ sipDispatchRuleId }));
  const trunks = ["", "ST_\u00fc"].map((sipTrunkId) => SIPInboundTrunkInfo.fromJson({ sipTrunkId }));
  const live: SipProject = { host: "my-project:443", inboundTrunks: trunks, outboundTrunks: [], dispatchRules: named };
  expect(() => conflictDifferences(live, new Set())).not.toThrow();
});

test("a ticket shows state, calls, logs and answers as text", () => {
  const template = ticketFacts({
    look: { steps: recorded("drifted.refresh").steps, differences: refreshDifferences(recorded("drifted.refresh")) },
    findings: [{ code: "CALLS_CLASH", severity: "error", ids: ["ST_1"], message: "a clash" }],
    causes: [{ kind: "quota", shows: "503", state: "not found", detail: "none", cure: "wait" }],
    log: { lines: [{ at: 0, text: "a line" }], ids: { callSid: "1" } },
    missing: ["the log: BAD_FILE: no file"],
  });
  const kept = new Set([...OURS, "stack", "audience", "code", "severity", "state", "urn"]);
  fc.assert(
    fc.property(hostileLike(template, kept), (facts) => {
      expectHarmlessMarkdown(ticketText(facts, redactor({ secrets: [], numbers: [] })));
    }),
    runs(15),
  );
});

test("a report of test calls shows what was seen as text", () => {
  const result = {
    check: "keys",
    title: "keys 0 * reach the agent",
    verdict: "failed",
    saw: "seen",
    callId: "abc",
  } as const;
  const seen = fc.record({ saw: hostileText, callId: hostileText });
  fc.assert(
    fc.property(seen, hostileText, hostileText, (texts, flow, build) => {
      const results = [{ ...result, ...texts }];
      const head = { stack: "dev", kind: "live", number: "+4930123456", writtenAt: new Date(0) } as const;
      expectPlainAtOnce(verificationText({ ...head, flow, build, results }, io));
      expectHarmlessMarkdown(verificationMarkdown({ ...head, flow, build, results }));
    }),
    runs(200),
  );
});

test("an error of a provider is one line; one of a command begins no line of its own", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const error = new TrunklineError("FOREIGN_TWIN", `Trunk ST_1 is named "${text}".`);
      expect(error.message).not.toContain("\n");
      expectPlainAtOnce(error.message);
      const cli = new CliError("CANNOT_LOOK", `pulumi said ${text}`, `Try ${shown(text)}`);
      expectPlain(failure(cli));
      expectPlain(failure(error));
      expectPlainJson(jsonText(failureObject(cli)));
    }),
    runs(500),
  );
});
