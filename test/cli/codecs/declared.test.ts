import { declaredRules, rulesOfState } from "../../../cli/codecs/declared.ts";
import { describeRules } from "../../../cli/codecs/media-rules.ts";
import type { Pulumi } from "../../../cli/drift/pulumi.ts";

const rules = { codecs: ["PCMA/8000"], onlyListedCodecs: true, mediaEncryption: "disable" };
const open = { codecs: [], onlyListedCodecs: false, mediaEncryption: "allow" };

function state(...resources: object[]): string {
  return JSON.stringify({ version: 3, deployment: { resources } });
}

function pulumi(code: number, stdout: string): Pulumi {
  return { environment: {}, run: async () => ({ code, stdout, stderr: "" }) };
}

test("both trunks' media rules, from a stack's state", () => {
  const text = state(
    { type: "pulumi:pulumi:Stack" },
    { type: "pulumi-nodejs:dynamic/livekit:SipOutboundTrunk", outputs: { ...rules, name: "x" } },
    { type: "pulumi-nodejs:dynamic/livekit:SipInboundTrunk", outputs: open },
  );
  expect(rulesOfState(text)).toEqual({ outbound: rules, inbound: open });
});

test("a stack without the flow dial has one trunk", async () => {
  const text = state({ type: "pulumi-nodejs:dynamic/livekit:SipOutboundTrunk", outputs: rules });
  expect(await declaredRules("dev", pulumi(0, text))).toEqual({ outbound: rules, inbound: undefined });
});

test.each(["", "{}", state({ type: "pulumi:pulumi:Stack" })])("no trunk in %p: nothing to check with", async (text) => {
  await expect(declaredRules("dev", pulumi(0, text))).rejects.toMatchObject({ code: "CANNOT_LOOK" });
});

test("a stack that is not there", async () => {
  await expect(declaredRules("dev", pulumi(6, ""))).rejects.toMatchObject({ code: "WRONG_STACK" });
});

test.each([
  [rules, "only PCMA/8000; encryption: disable"],
  [{ ...rules, onlyListedCodecs: false }, "LiveKit's own codecs and PCMA/8000; encryption: disable"],
  [open, "LiveKit's own codecs (G722, PCMU, PCMA); encryption: allow"],
])("%j is: %s", (given, text) => {
  expect(describeRules(given)).toBe(text);
});
