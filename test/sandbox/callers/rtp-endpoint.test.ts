import { RtpEndpoint } from "../../../sandbox/callers/rtp-endpoint.ts";
import { heardTones } from "../../../sandbox/callers/tone.ts";

const open: RtpEndpoint[] = [];

async function endpoint(toneHz: number, onFirstAudio?: (at: number) => void): Promise<RtpEndpoint> {
  const made = await RtpEndpoint.open({ toneHz, ...(onFirstAudio && { onFirstAudio }) });
  open.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

describe("two RTP endpoints", () => {
  it("hear each other, at 50 packets a second", async () => {
    const first: number[] = [];
    const [a, b] = [await endpoint(500), await endpoint(1_500, (at) => first.push(at))];
    const startedAt = Date.now();
    a.sendTo("127.0.0.1", b.port);
    b.sendTo("127.0.0.1", a.port, "PCMU");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const elapsed = Date.now() - startedAt;
    expect(heardTones(b.heard.since(startedAt)).map(({ hz }) => hz)).toEqual([500]);
    expect(heardTones(a.heard.since(startedAt)).map(({ hz }) => hz)).toEqual([1_500]);
    expect(Math.abs(a.counts.sent - elapsed / 20)).toBeLessThanOrEqual(3);
    expect(b.counts.lost).toBe(0);
    expect(first).toHaveLength(1);
  });

  it("send nothing without a tone", async () => {
    const [silent, listener] = [await endpoint(0), await endpoint(0)];
    silent.sendTo("127.0.0.1", listener.port);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(listener.counts.received).toBe(0);
  });

  it("press keys in the middle of their voice, and hear each once", async () => {
    const [a, b] = [await endpoint(500), await endpoint(0)];
    a.sendTo("127.0.0.1", b.port);
    a.press("0123456789*#");
    await until(() => b.heardKeys.length >= 12);
    expect(b.heardKeys).toBe("0123456789*#");
    expect(b.counts.lost).toBe(0);
  });

  it("press keys and say something new without having spoken before", async () => {
    const [a, b] = [await endpoint(0), await endpoint(0)];
    a.press("7");
    a.sendTo("127.0.0.1", b.port);
    await until(() => b.heardKeys === "7");
    a.say(900);
    await until(() => b.counts.received > 30);
    const heard = heardTones(b.heard.since(b.heard.startedAt));
    expect(new Set(heard.map(({ hz }) => hz))).toEqual(new Set([900]));
  });
});

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !isSo(); ) {
    if (Date.now() > end) throw new Error("it did not come within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test.each([
  ["PCMA", 30],
  ["G722", 20],
  ["G722", 60],
  ["PCMU", 40],
] as const)("%s in packets of %i ms is heard as it was said", async (codec, packetMs) => {
  const said = await RtpEndpoint.open({ toneHz: 1_217, codec, packetMs });
  const heard = await endpoint(0);
  open.push(said);
  said.sendTo("127.0.0.1", heard.port);
  await until(() => heard.counts.received * packetMs > 400);
  expect(new Set(heardTones(heard.heard.since(heard.heard.startedAt)).map(({ hz }) => hz))).toEqual(new Set([1_217]));
  expect(heard.counts.lost).toBe(0);
});
