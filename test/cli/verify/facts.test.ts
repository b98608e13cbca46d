import { SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { listedCodecsOf, middlewareVariables, transferTargetOf } from "../../../cli/verify/facts.ts";

/** What is read of a stack before its calls are verified. */

const variables = { LIVEKIT_URL: "wss://my-project.livekit.cloud", ALLOWED_TARGETS: "+4930111,+4930222" };

test("the middleware's variables, plain or as the engine exports a secret", () => {
  const services = { middleware: variables, agent: {} };
  expect(middlewareVariables(services)).toEqual(variables);
  expect(middlewareVariables({ plaintext: JSON.stringify(services) })).toEqual(variables);
  expect(middlewareVariables({ plaintext: "[secret" })).toEqual({});
  expect(middlewareVariables(undefined)).toEqual({});
});

test("the first number that may be transferred to, if there is one", () => {
  expect(transferTargetOf(variables)).toBe("+4930111");
  expect(transferTargetOf({ ALLOWED_TARGETS: "" })).toBeUndefined();
  expect(transferTargetOf({})).toBeUndefined();
});

test("codecs count where nothing else may be used, on the stack's own trunks", () => {
  const trunk = (sipTrunkId: string, onlyListedCodecs: boolean) =>
    new SIPOutboundTrunkInfo({ sipTrunkId, media: { onlyListedCodecs, codecs: [{ name: "PCMA", rate: 8_000 }] } });
  const project = (...outboundTrunks: SIPOutboundTrunkInfo[]) => ({
    host: "h",
    inboundTrunks: [],
    dispatchRules: [],
    outboundTrunks,
  });
  expect(listedCodecsOf(project(trunk("ST_1", true)), ["ST_1", undefined])).toEqual(["PCMA/8000"]);
  expect(listedCodecsOf(project(trunk("ST_1", false)), ["ST_1"])).toEqual([]);
  expect(listedCodecsOf(project(trunk("ST_2", true)), ["ST_1"])).toEqual([]);
});
