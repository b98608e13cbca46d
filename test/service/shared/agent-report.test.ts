import fc from "fast-check";
import { type AgentReport, REPORT_ATTRIBUTE, readAgentReport } from "../../../service/shared/index.ts";

const ms = fc.nat(86_400_000);
const report: fc.Arbitrary<AgentReport> = fc.record(
  {
    joinMs: ms,
    readyMs: ms,
    firstAudioMs: ms,
    turns: fc.nat(),
    turnLatencyMs: fc.record({ mean: ms, longest: ms }),
    interruptions: fc.nat(),
  },
  { requiredKeys: ["joinMs", "turns", "interruptions"] },
);

test("a report is read as it was told", () => {
  fc.assert(
    fc.property(report, (told) => {
      expect(readAgentReport({ [REPORT_ATTRIBUTE]: JSON.stringify(told) })).toEqual(told);
    }),
  );
});

test("whatever else an agent may say is no report, and no error", () => {
  const texts = fc.oneof(fc.string(), fc.json(), fc.constant('{"joinMs":-1,"turns":0,"interruptions":0}'));
  fc.assert(fc.property(texts, (text) => expect(readAgentReport({ [REPORT_ATTRIBUTE]: text })).toBeUndefined()));
});

test("an agent without a report has none", () => {
  expect(readAgentReport({})).toBeUndefined();
});
