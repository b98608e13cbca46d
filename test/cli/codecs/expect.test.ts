import { isCheckable, knownFor } from "../../../cli/codecs/expect.ts";
import { LIVEKIT_DEFAULTS, type MediaRules } from "../../../cli/codecs/media-rules.ts";
import { type Path, ROWS, type Row } from "../../../cli/codecs/rows.ts";
import type { AudioOffer } from "../../../sandbox/callers/sdp.ts";

const ONLY_PCMA: MediaRules = { ...LIVEKIT_DEFAULTS, codecs: ["PCMA/8000"], onlyListedCodecs: true };

function known(path: Path, offer: AudioOffer, rules = LIVEKIT_DEFAULTS) {
  return knownFor({ name: "x", path, offer }, rules);
}

describe("livekit-sip", () => {
  it.each([
    [["PCMA", "PCMU"], "PCMU"],
    [["PCMU", "PCMA"], "PCMU"],
    [["PCMA", "G722"], "G722"],
    [["G722", "PCMA"], "G722"],
    [["PCMA"], "PCMA"],
  ] as const)("chooses by its own order: of %p %s", (codecs, codec) => {
    expect(known("direct", { codecs })).toEqual({ status: 200, codec, keys: true, pace: "right" });
  });

  it("refuses what it has no codec for with 400", () => {
    expect(known("direct", { codecs: ["G729"] })).toMatchObject({ status: 400 });
    expect(known("direct", { codecs: ["PCMU", "G722"] }, ONLY_PCMA)).toMatchObject({ status: 400 });
  });

  it("chooses of the listed codecs only where only these are declared", () => {
    expect(known("direct", { codecs: ["PCMU", "PCMA"] }, ONLY_PCMA)).toMatchObject({ status: 200, codec: "PCMA" });
    const added = { ...ONLY_PCMA, onlyListedCodecs: false };
    expect(known("direct", { codecs: ["PCMU", "PCMA"] }, added)).toMatchObject({ codec: "PCMU" });
  });

  it("garbles packets of 40 ms and more, not those of 30", () => {
    const pace = (packetMs: number) => known("direct", { codecs: ["PCMA"], packetMs }).pace;
    expect([20, 30, 40, 60].map(pace)).toEqual(["right", "right", "unsteady", "unsteady"]);
  });
});

describe("through Jambonz", () => {
  it("Jambonz' order counts for the caller, LiveKit's for the agent", () => {
    expect(known("dial", { codecs: ["PCMA", "G722"] })).toMatchObject({ codec: "PCMA", agentCodec: "G722" });
    expect(known("dial", { codecs: ["G722", "PCMA", "PCMU"] })).toMatchObject({ codec: "PCMU", agentCodec: "G722" });
  });

  it("LiveKit offers what is declared, and nothing else", () => {
    expect(known("callback", { codecs: ["PCMU"] }).agentOffer).toEqual(["G722", "PCMU", "PCMA"]);
    expect(known("callback", { codecs: ["PCMU"] }, ONLY_PCMA).agentOffer).toEqual(["PCMA"]);
  });

  it("packets of any length are 20 ms when they reach LiveKit", () => {
    expect(known("dial", { codecs: ["PCMA"], packetMs: 60 })).toMatchObject({ status: 200, pace: "right" });
  });

  it("a codec that its media server has not is refused with 488", () => {
    expect(known("dial", { codecs: ["G729"] })).toMatchObject({ status: 488 });
  });
});

test("every row has a name of its own and at least one codec", () => {
  expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
  for (const { offer } of ROWS) expect(offer.codecs.length).toBeGreaterThan(0);
});

test("AMR-WB is left out where it is declared: a caller of the sandbox has it in name only", () => {
  const row = ROWS.find(({ name }) => name === "amr-wb") as Row;
  expect(isCheckable(row, LIVEKIT_DEFAULTS)).toBe(true);
  expect(isCheckable(row, { ...LIVEKIT_DEFAULTS, codecs: ["AMR-WB/16000"] })).toBe(false);
});
