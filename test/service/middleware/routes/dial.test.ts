import { DIAL_FAILURES } from "../../../../service/middleware/calls/reasons.ts";
import { MemoryStore } from "../../../../service/middleware/store/memory-store.ts";
import {
  CALLER_SID,
  callerInvite,
  eventually,
  LEG_SID,
  type Service,
  send,
  startService,
  testCalls,
} from "../support.ts";

let service: Service;
afterEach(() => service.app.close());

const OPERATOR = "+4930777000";
const dialling = { callFlow: "dial" as const };
const done = (dial_call_status: string, call_status = "trying") =>
  service.verbs("/livekit-api/dial-done", { call_sid: CALLER_SID, dial_call_status, call_status });
const legStatus = (call_status: string, sip_status?: number) =>
  service.hook("/livekit-api/status", { call_sid: LEG_SID, parent_call_sid: CALLER_SID, call_status, sip_status });

describe("a call in the flow `dial`", () => {
  test("rings LiveKit over its carrier, without a secret, and answers when LiveKit does", async () => {
    service = startService(dialling);
    const [dial, ...after] = await service.verbs("/livekit-api", callerInvite());
    const callId = service.rooms.calls[0]?.callId;
    expect(dial).toMatchObject({
      verb: "dial",
      target: [{ type: "phone", number: `call-${callId}`, trunk: "LiveKit-test" }],
      answerOnBridge: true,
      anchorMedia: true,
      timeout: 12,
      timeLimit: 3_600,
      actionHook: expect.stringMatching(/\/livekit-api\/dial-done#rc=5&rp=all$/),
      referHook: expect.stringMatching(/\/livekit-api\/refer$/),
      headers: {
        "X-Call-Id": callId,
        "X-Call-Flow": "dial",
        "X-Caller-Number": "+4930123456",
        "X-Called-Number": "+4989654321",
        "x-cArRiEr": "north",
      },
    });
    expect(after.map(({ verb }) => verb)).toEqual(["say", "hangup"]);
  });

  test("rings LiveKit's own address with its credentials, which no record keeps", async () => {
    const route = {
      host: "project.sip.livekit.cloud",
      transport: "tcp",
      username: "livekit",
      password: "geheim",
    } as const;
    const store = new MemoryStore();
    service = startService({ ...dialling, calls: testCalls({ livekitSip: route }) }, undefined, store);
    const [dial] = await service.verbs("/livekit-api", callerInvite());
    const callId = service.rooms.calls[0]?.callId;
    const sipUri = `sip:call-${callId}@project.sip.livekit.cloud;transport=tcp`;
    const auth = { username: "livekit", password: "geheim" };
    expect(dial).toMatchObject({ verb: "dial", target: [{ type: "sip", sipUri, auth }] });
    expect(await service.verbs("/livekit-api", callerInvite())).toMatchObject([{ target: [{ auth }] }, {}, {}]);
    const kept = JSON.stringify([await store.active(), service.logged]);
    expect(kept).toContain(sipUri);
    expect(kept).not.toContain("geheim");
  });

  test("lets a German ringing tone last longer than the ringing", async () => {
    service = startService(dialling);
    const [dial] = await service.verbs("/livekit-api", callerInvite());
    const [, rounds, on, off, hz] = /L=(\d+);%\((\d+),(\d+),(\d+)\)/.exec(JSON.stringify(dial)) ?? [];
    expect([on, off, hz]).toEqual(["1000", "4000", "425"]);
    expect(Number(rounds) * 5).toBeGreaterThan(12);
  });

  test("keeps line breaks of a carrier's header out of the INVITE", async () => {
    service = startService(dialling);
    const headers = { "X-Carrier": "north\r\nX-Evil: 1" };
    const [dial] = await service.verbs("/livekit-api", callerInvite({ sip: { headers } }));
    expect(dial).toMatchObject({ headers: { "X-Carrier": "north X-Evil: 1" } });
  });

  test("never has LiveKit call jambonz", async () => {
    service = startService(dialling);
    await service.hook("/livekit-api", callerInvite());
    await eventually(() => service.logged.some((line) => line.event === "agent.ready"));
    expect(service.rooms.count("createAgentLeg")).toBe(0);
  });

  test("ends after a conversation, and its room with it", async () => {
    service = startService(dialling);
    await service.hook("/livekit-api", callerInvite());
    for (const status of ["trying", "ringing", "in-progress"]) await legStatus(status);
    expect(await done("completed", "in-progress")).toEqual([{ verb: "hangup" }]);
    await eventually(() => service.rooms.count("deleteRoom") === 1);
  });

  test("a caller who hung up while it rang is no fallback", async () => {
    service = startService(dialling);
    await service.hook("/livekit-api", callerInvite());
    await done("no-answer", "no-answer");
    expect(service.logged.filter((line) => line.event === "call.fallback")).toEqual([]);
    await eventually(() => service.rooms.count("deleteRoom") === 1);
  });
});

describe("a dial that LiveKit refuses (jambonz-live, section 2)", () => {
  const ended = async () => {
    const { calls } = JSON.parse((await send(service.app, "/livekit-api/calls?state=all")).body);
    return calls[0];
  };
  const dialDone = (dial_sip_status?: number) =>
    service.verbs("/livekit-api/dial-done", {
      call_sid: CALLER_SID,
      call_status: "in-progress",
      dial_call_status: "failed",
      dial_sip_status,
    });

  test.each(
    DIAL_FAILURES.flatMap(({ statuses, reason, cure }) => statuses.map((status) => ({ status, reason, cure }))),
  )(
    "with $status: the record says why, whichever hook comes first, and what to do",
    async ({ status, reason, cure }) => {
      const said = { reason: `${reason} (SIP ${status})`, cure };
      service = startService(dialling);
      await service.hook("/livekit-api", callerInvite());
      await dialDone(status);
      expect(await ended()).toMatchObject(said);
      await service.app.close();
      service = startService(dialling);
      await service.hook("/livekit-api", callerInvite());
      await legStatus("trying");
      await legStatus("failed", status);
      await dialDone(status);
      expect(await ended()).toMatchObject(said);
    },
  );

  test("names the status although the leg ended without one", async () => {
    service = startService(dialling);
    await service.hook("/livekit-api", callerInvite());
    await legStatus("failed");
    await dialDone(401);
    expect(await ended()).toMatchObject({ reason: "LiveKit refused the carrier's credentials (SIP 401)" });
  });

  test.each([undefined, 487, 299])("names nothing that it does not know: %s", async (status) => {
    service = startService(dialling);
    await service.hook("/livekit-api", callerInvite());
    await dialDone(status);
    expect(await ended()).toMatchObject({ reason: "the dial ended: failed" });
    expect(await ended()).not.toHaveProperty("cure");
  });

  test("the end of a conversation is no refusal, whatever status it has", async () => {
    service = startService(dialling);
    await service.hook("/livekit-api", callerInvite());
    for (const status of ["trying", "in-progress"]) await legStatus(status);
    await legStatus("failed", 503);
    expect(await ended()).toMatchObject({ reason: "the agent's leg has ended" });
  });
});

describe("the fallback of a call that LiveKit did not answer", () => {
  const failed = async (fallback: object, callStatus?: string) => {
    const calls = testCalls({ fallback: fallback as never, allowedTargets: [OPERATOR] });
    service = startService({ ...dialling, calls });
    await service.hook("/livekit-api", callerInvite());
    return done("no-answer", callStatus);
  };

  test("apologises and hangs up", async () => {
    expect((await failed({ kind: "say" })).map(({ verb }) => verb)).toEqual(["say", "hangup"]);
  });

  test("declines, so that the carrier reroutes; an answered call cannot be declined", async () => {
    const decline = { kind: "decline", status: 503 };
    expect(await failed(decline)).toMatchObject([{ verb: "sip:decline", status: 503 }]);
    await service.app.close();
    expect((await failed(decline, "in-progress")).map(({ verb }) => verb)).toEqual(["say", "hangup"]);
  });

  test("dials somebody else over the call's carrier, and the same again when asked again", async () => {
    const verbs = await failed({ kind: "dial", number: OPERATOR });
    expect(verbs).toMatchObject([{ verb: "dial", target: [{ type: "phone", number: OPERATOR, trunk: "schmidtkom" }] }]);
    expect(await done("no-answer")).toEqual(verbs);
  });

  test.each([
    ["completed", ["hangup"]],
    ["busy", ["say", "hangup"]],
  ])("after somebody else: %s", async (dial_call_status, expected) => {
    await failed({ kind: "dial", number: OPERATOR });
    const body = { call_sid: CALLER_SID, dial_call_status };
    expect((await service.verbs("/livekit-api/fallback-done", body)).map(({ verb }) => verb)).toEqual(expected);
  });
});

test("a call beyond the limit gets the fallback at once, without a room", async () => {
  const fallback = { kind: "decline", status: 486 } as const;
  service = startService({ calls: testCalls({ maxConcurrentCalls: 1, fallback }) });
  expect((await service.verbs("/livekit-api", callerInvite()))[0]).toMatchObject({ verb: "enqueue" });
  const second = await service.verbs("/livekit-api", callerInvite({ call_sid: "second" }));
  expect(second).toMatchObject([{ verb: "sip:decline", status: 486 }]);
  expect(service.rooms.count("createCallRoom")).toBe(1);
});

describe("a transfer", () => {
  const refer = async (refer_to_user: string | null) => {
    service = startService({ ...dialling, calls: testCalls({ allowedTargets: [OPERATOR] }) });
    await service.hook("/livekit-api", callerInvite());
    await legStatus("in-progress");
    return service.hook("/livekit-api/refer", { call_sid: LEG_SID, refer_details: { refer_to_user } });
  };

  test.each([
    ["as it is declared", OPERATOR],
    ["with 00", OPERATOR.replace("+", "00")],
    ["as an address with parameters", `tel:${OPERATOR};phone-context=example.com`],
  ])("goes to a declared number, over the call's carrier: %s", async (_, target) => {
    const answer = await refer(target);
    expect(answer.json()).toMatchObject([
      { verb: "dial", target: [{ type: "phone", number: OPERATOR, trunk: "schmidtkom" }] },
    ]);
  });

  test.each(["+4930999999", "112", "+499001234567", "", null])(
    "to %p is refused, and the number not logged",
    async (to) => {
      const answer = await refer(to);
      expect(answer.statusCode).toBe(403);
      expect(answer.json().error.code).toBe("TARGET_REFUSED");
      expect(JSON.stringify(service.logged)).not.toContain("+4930999999");
    },
  );
});

describe("POST /livekit-simple", () => {
  test("dials the called number at the project, and says that it is deprecated", async () => {
    service = startService({ calls: testCalls({ livekitSipHost: "project.sip.livekit.cloud" }) });
    const answer = await service.hook("/livekit-simple", callerInvite());
    expect(answer.json()[0]).toMatchObject({
      verb: "dial",
      target: [{ type: "sip", sipUri: "sip:+4989654321@project.sip.livekit.cloud;transport=tcp" }],
    });
    expect(answer.header("deprecation")).toMatch(/^@\d+$/);
    expect(service.logged).toContainEqual(
      expect.objectContaining({ level: 40, msg: expect.stringMatching(/Deprecated/) }),
    );
    expect(service.rooms.done).toEqual([]);
  });

  test("keeps a called number from becoming another host", async () => {
    service = startService({ calls: testCalls({ livekitSipHost: "project.example" }) });
    const [dial] = await service.verbs("/livekit-simple", callerInvite({ to: "1@evil.example;x=" }));
    expect(dial).toMatchObject({ target: [{ sipUri: "sip:1evilexamplex@project.example;transport=tcp" }] });
  });

  test("apologises where no host is set", async () => {
    service = startService();
    expect((await service.verbs("/livekit-simple", callerInvite())).map(({ verb }) => verb)).toEqual(["say", "hangup"]);
  });
});
