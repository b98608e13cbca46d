import { readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { CallerReport, PlaceCallOptions } from "../../../sandbox/callers/sipp-caller.ts";
import { placeCall } from "../../../sandbox/callers/sipp-caller.ts";
import { EdgeClient } from "../../../sandbox/jambonz/edge-client.ts";
import type { EdgeEvent, InviteEvent } from "../../../sandbox/jambonz/protocol.ts";
import { Supervisor } from "../../../sandbox/processes/supervisor.ts";
import { workFolder } from "../../../sandbox/root.ts";
import { findOrBuild } from "../../../sandbox/toolchain/binaries.ts";

const folder = workFolder("test", `edge-${process.pid}`);
const supervisor = new Supervisor({ folder });
let edge: EdgeClient;
const told: EdgeEvent[] = [];
const stopListening: (() => void)[] = [];

beforeAll(async () => {
  const binary = await findOrBuild("sip-edge");
  edge = await EdgeClient.start(supervisor, { binary });
  edge.on((event) => told.push(event));
}, 180_000);

afterEach(() => {
  for (const stop of stopListening.splice(0)) stop();
  told.length = 0;
});

afterAll(async () => {
  await edge?.stop();
  await supervisor.stopAll();
  await rm(folder, { recursive: true, force: true });
});

/** Does something with every inbound call. */
function onInvite(action: (event: InviteEvent) => void): void {
  on((event) => event.event === "invite" && action(event));
}

function on(listener: (event: EdgeEvent) => void): void {
  stopListening.push(edge.on(listener));
}

function call(options: Partial<PlaceCallOptions> = {}): Promise<CallerReport> {
  const call = { from: "4930111", to: "4930222", toneHz: 800, holdMs: 1_000, timeoutMs: 5_000 };
  return placeCall(supervisor, { target: edge.address, folder, ...call, ...options });
}

function frequencies(report: CallerReport): number[] {
  return [...new Set(report.heard.map(({ hz }) => 5 * Math.round(hz / 5)))];
}

/** Sorted by name: SIPp's clock tells a message some milliseconds later than the audio that came with it. */
function steps(report: CallerReport): string[] {
  return report.timeline.map(({ event }) => event).sort();
}

function at(report: CallerReport, step: string): number {
  return report.timeline.find(({ event }) => event === step)?.at ?? Number.NaN;
}

function eventsOf(name: EdgeEvent["event"]): EdgeEvent[] {
  return told.filter(({ event }) => event === name);
}

/** Events come from another process: waits until there is one. */
async function eventually(name: EdgeEvent["event"]): Promise<EdgeEvent> {
  for (let waited = 0; waited < 5_000; waited += 10) {
    const [event] = eventsOf(name);
    if (event) return event;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no ${name} event within 5 s; told: ${JSON.stringify(told)}`);
}

describe("the SIP edge", () => {
  it("answers a call and plays a tone, which the caller hears", async () => {
    onInvite(({ leg }) => {
      edge.send({ command: "answer", leg });
      edge.send({ command: "play", leg, play: "wait", segments: [{ kind: "tone", hz: [425], ms: 5_000 }] });
    });
    const report = await call();
    expect(report).toMatchObject({ answered: true, finalStatus: 200, endedBy: "caller" });
    expect(frequencies(report)).toEqual([425]);
    expect(report.heard[0]?.level).toBeCloseTo(-15, 0);
    expect(steps(report)).toEqual(["answered", "bye", "first_audio", "invite"]);
    expect(at(report, "first_audio") - at(report, "invite")).toBeLessThan(500);
    expect(await eventually("ended")).toMatchObject({ by: "remote" });
  });

  it("hands the INVITE on as it was sent", async () => {
    onInvite(({ leg }) => edge.send({ command: "decline", leg, status: 486 }));
    const report = await call({ from: "+4930111", headers: { "X-Carrier": "Schmidtkom", "x-lower": "a  b" } });
    const [invite] = eventsOf("invite") as InviteEvent[];
    expect(report).toMatchObject({ answered: false, finalStatus: 486, reason: "Busy Here" });
    expect(invite).toMatchObject({ sipCallId: report.sipCallId, transport: "udp", from: { user: "+4930111" } });
    expect(invite?.headers).toEqual(
      expect.arrayContaining([
        ["X-Carrier", "Schmidtkom"],
        ["x-lower", "a  b"],
      ]),
    );
    expect(invite?.headers[0]?.[0]).toBe("Via");
    expect(invite?.raw).toMatch(/^INVITE sip:4930222@127\.0\.0\.1:\d+ SIP\/2\.0\r\n/);
    expect(await eventually("ended")).toMatchObject({ by: "local" });
  });

  it("plays early media before the answer", async () => {
    onInvite(({ leg }) => {
      edge.send({ command: "progress", leg, status: 183, withMedia: true });
      edge.send({ command: "play", leg, play: "ringback", segments: [{ kind: "tone", hz: [425], ms: 400 }] });
    });
    on((event) => event.event === "played" && edge.send({ command: "decline", leg: event.leg, status: 480 }));
    const report = await call();
    expect(report).toMatchObject({ answered: false, finalStatus: 480 });
    expect(frequencies(report)).toEqual([425]);
    expect(steps(report)).toEqual(["first_audio", "invite", "ringing"]);
  });

  it.each([["PCMA"], ["PCMU"], ["G722"]] as const)(
    "bridges a PCMA call with a %s call: each hears the other",
    async (codec) => {
      const legs: string[] = [];
      onInvite(({ leg }) => edge.send({ command: "answer", leg }));
      on((event) => {
        if (event.event !== "answered") return;
        legs.push(event.leg);
        const [a, b] = legs;
        if (a && b) edge.send({ command: "bridge", a, b });
      });
      const [one, two] = await Promise.all([
        call({ toneHz: 600, holdMs: 1_500 }),
        call({ toneHz: 1_300, codec, holdMs: 1_500 }),
      ]);
      expect(frequencies(one)).toEqual([1_300]);
      expect(frequencies(two)).toEqual([600]);
      expect(one.rtp.lost + two.rtp.lost).toBe(0);
    },
  );

  // jambonz-live, section 8: FreeSWITCH negotiates greedily, by its own order.
  it.each([
    [["G722", "PCMU", "PCMA"], "PCMU"],
    [["G722", "PCMA"], "PCMA"],
  ] as const)("answers the offer %p with %s", async (codecs, codec) => {
    onInvite(({ leg }) => edge.send({ command: "answer", leg }));
    await call({ holdMs: 300, offer: { codecs: [...codecs] } });
    expect(eventsOf("answered")).toEqual([expect.objectContaining({ codec })]);
  });

  it("refuses a call without a codec of its own with 488", async () => {
    onInvite(({ leg }) => edge.send({ command: "answer", leg }));
    expect(await call({ offer: { codecs: ["G729"] } })).toMatchObject({ answered: false, finalStatus: 488 });
  });

  it("bridges packets of 60 ms as packets of 20", async () => {
    const legs: string[] = [];
    onInvite(({ leg }) => edge.send({ command: "answer", leg }));
    on((event) => {
      if (event.event !== "answered") return;
      legs.push(event.leg);
      const [a, b] = legs;
      if (a && b) edge.send({ command: "bridge", a, b });
    });
    const [one, two] = await Promise.all([
      call({ toneHz: 600, holdMs: 1_500, offer: { codecs: ["PCMA"], packetMs: 60 } }),
      call({ toneHz: 1_300, holdMs: 1_500 }),
    ]);
    expect(frequencies(two)).toEqual([600]);
    expect(two.rtp.received).toBeGreaterThan(2 * one.rtp.sent);
    expect(two.rtp.lost).toBe(0);
  });

  it("goes from playing to a bridge without a step in the sequence numbers", async () => {
    const legs: string[] = [];
    onInvite(({ leg }) => {
      edge.send({ command: "answer", leg });
      edge.send({ command: "play", leg, play: "wait", segments: [{ kind: "tone", hz: [425], ms: 500 }] });
    });
    on((event) => {
      if (event.event !== "played") return;
      legs.push(event.leg);
      const [a, b] = legs;
      if (a && b) edge.send({ command: "bridge", a, b });
    });
    const [one] = await Promise.all([call({ toneHz: 600, holdMs: 1_500 }), call({ toneHz: 1_300, holdMs: 1_500 })]);
    expect(frequencies(one).slice(0, 1)).toEqual([425]);
    expect(frequencies(one).at(-1)).toBe(1_300);
    expect(one.rtp.lost).toBe(0);
  });

  it("ends the leg when the caller gives up before the answer", async () => {
    onInvite(({ leg }) => edge.send({ command: "progress", leg, status: 180 }));
    const report = await call({ timeoutMs: 500 });
    expect(report).toMatchObject({ answered: false, finalStatus: 487 });
    expect(await eventually("ended")).toMatchObject({ by: "cancel" });
    expect(eventsOf("ended")).toHaveLength(1);
  });

  it("hangs up: the caller gets BYE", async () => {
    onInvite(({ leg }) => edge.send({ command: "answer", leg }));
    on((event) => event.event === "answered" && edge.send({ command: "hangup", leg: event.leg }));
    const report = await call({ bye: "callee", holdMs: 5_000 });
    expect(report).toMatchObject({ answered: true, endedBy: "callee" });
    expect(eventsOf("ended")).toEqual([expect.objectContaining({ by: "local" })]);
  });

  describe("with digest", () => {
    const users = { trunk: "right" };
    beforeEach(() => {
      onInvite(({ leg }) => edge.send({ command: "authenticate", leg, realm: "sip.example.org", users }));
      on((event) => event.event === "authenticated" && edge.send({ command: "answer", leg: event.leg }));
    });

    it("lets the right answer through", async () => {
      const report = await call({ auth: { username: "trunk", password: "right" }, holdMs: 300 });
      expect(report).toMatchObject({ answered: true, finalStatus: 200 });
      expect(eventsOf("authenticated")).toEqual([expect.objectContaining({ username: "trunk" })]);
      expect(eventsOf("invite")).toHaveLength(1);
    });

    it.each([
      ["a wrong password", { username: "trunk", password: "wrong" }],
      ["an unknown user", { username: "other", password: "right" }],
    ])("refuses %s with 403", async (_, auth) => {
      const report = await call({ auth });
      expect(report).toMatchObject({ answered: false, finalStatus: 403 });
      expect(await eventually("ended")).toMatchObject({ by: "local" });
      expect(eventsOf("authenticated")).toEqual([]);
    });
  });

  describe("calling out", () => {
    let out = "";
    let calls = 0;
    beforeEach(() => {
      out = `out-${++calls}`;
    });

    /** The edge calls itself: its own inbound leg is the far end. */
    function callOut(options: { auth?: { username: string; password: string }; transport?: "udp" | "tcp" } = {}): void {
      const destination = edge.address;
      const uri = `sip:called@${destination}`;
      edge.send({ command: "invite", leg: out, uri, destination, from: { user: "4930999" }, ...options });
    }

    it.each([["udp"], ["tcp"]] as const)("over %s: rings, is answered, ends", async (transport) => {
      onInvite(({ leg }) => {
        edge.send({ command: "progress", leg, status: 180 });
        on((event) => event.event === "progress" && edge.send({ command: "answer", leg }));
      });
      callOut({ transport });
      await eventually("answered");
      expect(eventsOf("progress")).toEqual([expect.objectContaining({ leg: out, status: 180 })]);
      edge.send({ command: "hangup", leg: out });
      await eventually("ended");
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(eventsOf("invite")).toEqual([expect.objectContaining({ transport })]);
      expect(eventsOf("ended")).toEqual(
        expect.arrayContaining([
          { event: "ended", leg: out, by: "local" },
          { event: "ended", leg: expect.stringMatching(/^in-/), by: "remote" },
        ]),
      );
    });

    // jambonz-live, section 6: FreeSWITCH offers audio twice, whoever answers takes one.
    it("offers two lines of audio, of which one is answered", async () => {
      onInvite(({ leg }) => edge.send({ command: "answer", leg }));
      callOut();
      await eventually("answered");
      const [invite] = eventsOf("invite") as InviteEvent[];
      expect(invite?.sdp.match(/^m=audio \d+ RTP\/AVP 0 8 9 101\r$/gm)).toHaveLength(2);
      edge.send({ command: "hangup", leg: out });
      await eventually("ended");
    });

    it("answers a challenge by itself", async () => {
      onInvite(({ leg }) => edge.send({ command: "authenticate", leg, realm: "r", users: { a: "b" } }));
      on((event) => event.event === "authenticated" && edge.send({ command: "answer", leg: event.leg }));
      callOut({ auth: { username: "a", password: "b" } });
      await eventually("answered");
      edge.send({ command: "hangup", leg: out });
    });

    it("tells a refusal", async () => {
      onInvite(({ leg }) => edge.send({ command: "decline", leg, status: 603 }));
      callOut();
      expect(await eventually("failed")).toMatchObject({ leg: out, status: 603, reason: "Decline" });
    });

    it("cancels what has not been answered", async () => {
      onInvite(({ leg }) => edge.send({ command: "progress", leg, status: 180 }));
      on((event) => event.event === "progress" && edge.send({ command: "hangup", leg: out }));
      callOut();
      expect(await eventually("failed")).toMatchObject({ leg: out, status: 487 });
      expect(await eventually("ended")).toMatchObject({ by: "cancel" });
    });
  });

  it("says what it cannot do", async () => {
    edge.send({ command: "answer", leg: "in-999" });
    expect(await eventually("error")).toMatchObject({ command: "answer", leg: "in-999" });
  });
});

describe("an edge that does not understand", () => {
  it("a command ends, and says so: nobody waits for what will never come", async () => {
    const binary = await findOrBuild("sip-edge");
    const other = await EdgeClient.start(supervisor, { binary, name: "edge-that-ends" });
    const death = new Promise<string>((resolve) => other.onDeath(resolve));
    other.send({ command: "sing", leg: "in-1" } as never);
    expect(await death).toMatch(/^sip-edge on 127\.0\.0\.1:\d+ ended with 1: see .*edge-that-ends\.log$/);
    expect(readFileSync(other.running.log, "utf8")).toContain('does not understand a command: "sing"');
  });

  it("the protocol is refused at its start", async () => {
    const binary = join(folder, "earlier-edge");
    writeFileSync(binary, '#!/bin/sh\necho \'{"event":"ready","port":1}\'\nexec cat > /dev/null\n', { mode: 0o700 });
    await expect(EdgeClient.start(supervisor, { binary, name: "earlier-edge" })).rejects.toThrow(
      /earlier-edge speaks version 1 of the edge's protocol, this stand-in version 2/,
    );
  });
});
