import { callScenario, type ScenarioOptions } from "../../../sandbox/callers/sipp-scenario.ts";

const OPTIONS: ScenarioOptions = {
  ...{ target: "127.0.0.1:5070", from: "+4930111", to: "4930222", id: "abc" },
  ...{ rtpPort: 40_000, offer: { codecs: ["PCMU"] }, ringMs: 3_000, holdMs: 2_000 },
};

function targets(xml: string): string[] {
  return [...xml.matchAll(/(?:next|ontimeout)="([^"]+)"/g)].map(([, label]) => label ?? "");
}

function labels(xml: string): string[] {
  return [...xml.matchAll(/<label id="([^"]+)"/g)].map(([, label]) => label ?? "");
}

describe("a call's SIPp scenario", () => {
  it.each([
    ["without", {}],
    ["with", { auth: { username: "u", password: "p" } }],
  ])("%s credentials: has every label once that it jumps to", (_, auth) => {
    const xml = callScenario({ ...OPTIONS, ...auth });
    expect(new Set(labels(xml)).size).toBe(labels(xml).length);
    expect(labels(xml)).toEqual(expect.arrayContaining(targets(xml)));
  });

  it("names the RTP endpoint and the codec in its offer", () => {
    expect(callScenario(OPTIONS)).toContain("m=audio 40000 RTP/AVP 0 101\na=rtpmap:0 PCMU/8000");
  });

  it("carries extra headers", () => {
    expect(callScenario({ ...OPTIONS, headers: { "X-Carrier": "Schmidtkom" } })).toContain("\nX-Carrier: Schmidtkom\n");
  });

  it("refuses header values that SIPp would read as its own keywords", () => {
    expect(() => callScenario({ ...OPTIONS, headers: { "X-A": "[call_id]" } })).toThrow(
      expect.objectContaining({ code: "UNSENDABLE_HEADER" }),
    );
  });

  it("takes a challenge for a refusal unless it has credentials", () => {
    expect(callScenario(OPTIONS)).not.toContain('auth="true"');
    expect(callScenario({ ...OPTIONS, auth: { username: "u", password: "p" } })).toContain(
      "[authentication username=u",
    );
  });
});
