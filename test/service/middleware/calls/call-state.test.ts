import { TIMERS } from "@trunkline/shared";
import { type CallEvent, transition } from "../../../../service/middleware/calls/call-state.ts";
import { later, run, START } from "./call-run.ts";

const ready = { agentReady: true, callerPresent: false };
const noAgent = { agentReady: false, callerPresent: false };
const toDialling = [
  later(10, { type: "room.created" }),
  later(500, { type: "caller.waiting" }),
  later(600, { type: "tick", room: ready }),
];

describe("a call that goes well", () => {
  test("passes every phase once, and every mark", () => {
    const call = run([
      ...toDialling,
      later(650, { type: "leg.created" }),
      later(700, { type: "leg.arrived", legSid: "leg" }),
      later(750, { type: "leg.answered", legSid: "leg" }),
      later(60_000, { type: "queue.left", result: "bridged" }),
      later(60_010, { type: "caller.ended", reason: "completed" }),
    ]);
    expect(call.steps.map(({ step }) => step.state.phase)).toEqual([
      "waiting",
      "waiting",
      "dialling",
      "dialling",
      "joining",
      "talking",
      "ended",
      "ended",
    ]);
    expect(call.marks).toEqual([
      "room.created",
      "agent.ready",
      "participant.created",
      "agent_leg.webhook",
      "call.ended",
    ]);
    expect(call.effects).toEqual(["watch", "watch", "connect", "deleteRoom"]);
  });
});

describe("limits", () => {
  test("the dispatch is looked after every 3.5 s, and the agent given up at its limit", () => {
    const ticks = Array.from({ length: 80 }, (_, index) =>
      later(index * TIMERS.agentPollMs, { type: "tick", room: noAgent }),
    );
    const call = run([later(0, { type: "room.created" }), ...ticks]);
    expect(call.effects.filter((effect) => effect === "checkDispatch")).toHaveLength(
      Math.floor(TIMERS.agentLimitMs / TIMERS.agentRedispatchMs),
    );
    expect(call.state).toMatchObject({
      phase: "leaving",
      phaseSince: START + TIMERS.agentLimitMs,
      reason: "the agent did not come in time",
    });
  });

  test("an agent that is in the room and takes its time is not dispatched again, but given up at the same limit", () => {
    const present = { ...noAgent, agentPresent: true };
    const ticks = Array.from({ length: 80 }, (_, index) =>
      later(index * TIMERS.agentPollMs, { type: "tick", room: present }),
    );
    const call = run([later(0, { type: "room.created" }), ...ticks]);
    expect(call.effects).not.toContain("checkDispatch");
    expect(call.state).toMatchObject({ phase: "leaving", reason: "the agent did not come in time" });
  });

  test.each(["callback", "dial"] as const)(
    "%s: an agent that has failed is not waited for, unless another is ready",
    (flow) => {
      const failed = { ...noAgent, agentFailed: true };
      const created = later(10, { type: "room.created" });
      const call = run([created, later(300, { type: "tick", room: failed })], undefined, flow);
      expect(call.state).toMatchObject({ phase: "leaving", reason: "the agent has failed" });
      const replaced = run([created, later(300, { type: "tick", room: { ...failed, ...ready } })], undefined, flow);
      expect(replaced.state).toMatchObject({ agentReady: true, phase: flow === "dial" ? "dialling" : "waiting" });
    },
  );

  test("time goes on without a view of the room, and at a wait hook without a watch", () => {
    expect(run([later(0, { type: "room.created" }), later(TIMERS.agentLimitMs, { type: "tick" })]).state.phase).toBe(
      "leaving",
    );
    expect(
      run([later(0, { type: "room.created" }), later(TIMERS.agentLimitMs, { type: "caller.waiting" })]).state.phase,
    ).toBe("leaving");
  });

  test("a leg that never comes is given up after its ringing limit", () => {
    const limit = TIMERS.ringingSeconds * 1_000 + TIMERS.legGraceMs;
    const present = { agentReady: true, callerPresent: true };
    expect(run([...toDialling, later(600 + limit - 1, { type: "tick", room: present })]).state.phase).toBe("dialling");
    expect(run([...toDialling, later(600 + limit, { type: "tick", room: present })]).state.phase).toBe("leaving");
  });

  test("a created leg that left its room was rejected; one not yet created was not", () => {
    const gone = later(600 + TIMERS.legGoneMs + 50, { type: "tick", room: ready });
    expect(run([...toDialling, gone]).state.phase).toBe("dialling");
    expect(run([...toDialling, later(650, { type: "leg.created" }), gone]).state).toMatchObject({
      phase: "leaving",
      reason: "the agent's leg was rejected",
    });
  });

  test("a caller who still waits long after the agent leg came was not joined", () => {
    const joining = [...toDialling, later(700, { type: "leg.arrived", legSid: "leg" })];
    expect(run([...joining, later(700 + TIMERS.joinLimitMs - 1, { type: "caller.waiting" })]).state.phase).toBe(
      "joining",
    );
    expect(run([...joining, later(700 + TIMERS.joinLimitMs, { type: "caller.waiting" })]).state.phase).toBe("leaving");
  });

  test("the announcement delays the moment from which the caller is taken to be queued", () => {
    const early = later(TIMERS.queueAssumedMs, { type: "tick", room: ready });
    expect(run([later(0, { type: "room.created" }), early]).state.phase).toBe("dialling");
    expect(run([later(0, { type: "room.created" }), early], 500).state.phase).toBe("waiting");
  });
});

describe("a call that jambonz dials", () => {
  const dialled = (...events: CallEvent[]) => run([later(10, { type: "room.created" }), ...events], 0, "dial");

  test("rings from the first moment, and talks once the leg is answered", () => {
    const call = dialled(
      later(20, { type: "leg.dialled", legSid: "leg" }),
      later(600, { type: "tick", room: ready }),
      later(700, { type: "leg.answered", legSid: "leg" }),
      later(9_000, { type: "dial.done", status: "completed" }),
    );
    expect(call.steps.map(({ step }) => step.state.phase)).toEqual([
      "dialling",
      "dialling",
      "dialling",
      "talking",
      "ended",
    ]);
    expect(call.effects).toEqual(["watch", "deleteRoom"]);
    expect(call.marks).toEqual(["room.created", "agent.ready", "call.ended"]);
  });

  test("talks when the room shows an active caller, even if the leg's webhook was lost", () => {
    const active = { agentReady: true, callerPresent: true, callerActive: true };
    expect(dialled(later(700, { type: "tick", room: active })).state.phase).toBe("talking");
  });

  test.each(["no-answer", "failed", "busy"])("gets the fallback after a dial that ends with %s", (status) => {
    const call = dialled(later(12_000, { type: "dial.done", status }));
    expect(call.state).toMatchObject({ phase: "fallback", reason: `the dial ended: ${status}` });
  });

  test("looks after the dispatch while it rings, and gives up when jambonz is not heard of", () => {
    const ticks = Array.from({ length: 100 }, (_, index) => later(index * 250, { type: "tick", room: noAgent }));
    const call = dialled(...ticks);
    expect(call.effects.filter((effect) => effect === "checkDispatch").length).toBeGreaterThanOrEqual(3);
    expect(call.state).toMatchObject({ phase: "leaving", reason: "LiveKit did not answer in time" });
  });

  test("a second leg's answer changes nothing", () => {
    const call = dialled(
      later(20, { type: "leg.dialled", legSid: "leg" }),
      later(30, { type: "leg.answered", legSid: "other" }),
    );
    expect(call.state).toMatchObject({ phase: "dialling", legSid: "leg" });
  });
});

describe.each(["callback", "dial"] as const)("an agent that dies before it is ready (%s)", (flow) => {
  const dead = { ...noAgent, agentDead: true };
  const call = (...ms: number[]) =>
    run([later(10, { type: "room.created" }), ...ms.map((at) => later(at, { type: "tick", room: dead }))], 0, flow);

  test("is replaced at once, whatever LiveKit says of its job", () => {
    expect(call(1_000)).toMatchObject({ effects: ["watch", "replaceAgent"], marks: ["room.created", "agent.lost"] });
  });

  test("is replaced once; the next one gets the usual time for its way in", () => {
    const { effects } = call(1_000, 1_250, 1_500, 4_450);
    expect(effects).toEqual(["watch", "replaceAgent"]);
    expect(call(1_000, 4_500).effects).toEqual(["watch", "replaceAgent", "checkDispatch"]);
  });

  test("and whose successor is lost in the conversation is replaced there, too", () => {
    const leg =
      flow === "callback"
        ? [later(2_700, { type: "caller.waiting" }), later(2_800, { type: "leg.arrived", legSid: "leg" })]
        : [];
    const { effects, marks } = run(
      [
        later(10, { type: "room.created" }),
        later(1_000, { type: "tick", room: dead }),
        later(2_600, { type: "tick", room: ready }),
        ...leg,
        later(2_900, { type: "leg.answered", legSid: "leg" }),
        later(9_000, { type: "tick", room: { ...dead, callerPresent: true } }),
      ],
      0,
      flow,
    );
    expect(effects.filter((effect) => effect === "replaceAgent")).toHaveLength(2);
    expect(marks.filter((mark) => mark === "agent.lost")).toHaveLength(1);
  });
});

describe.each(["callback", "dial"] as const)("an agent lost in a live call (%s)", (flow) => {
  const present = { agentReady: true, callerPresent: true };
  const alone = { agentReady: false, callerPresent: true };
  const talking = [
    ...(flow === "callback" ? toDialling : [later(10, { type: "room.created" })]),
    ...(flow === "callback" ? [later(700, { type: "leg.arrived", legSid: "leg" })] : []),
    later(750, { type: "leg.answered", legSid: "leg" }),
  ];
  const ticks = (room: object, from: number, to: number) =>
    Array.from({ length: (to - from) / 250 + 1 }, (_, index) => later(from + index * 250, { type: "tick", room }));
  const parted =
    flow === "callback" ? { type: "queue.left", result: "bridged" } : { type: "dial.done", status: "completed" };
  const live = (...events: CallEvent[]) => run([...talking, ...events], 0, flow);

  test("is replaced once, after 2 s, not before", () => {
    expect(live(...ticks(alone, 10_000, 11_750)).effects).not.toContain("replaceAgent");
    const call = live(...ticks(alone, 10_000, 15_000));
    expect(call.effects.filter((effect) => effect === "replaceAgent")).toHaveLength(1);
    expect(call.marks).toContain("agent.lost");
    expect(call.state.phase).toBe("talking");
  });

  test("is replaced at once when it is known to be dead, and once, whoever else says so", () => {
    const dead = { ...alone, agentDead: true };
    const call = live(...[10_000, 10_050, 10_100, 11_000].map((ms) => later(ms, { type: "tick", room: dead })));
    expect(call.effects.filter((effect) => effect === "replaceAgent")).toHaveLength(1);
    expect(call.steps.at(-4)?.step.effects).toEqual(["replaceAgent"]);
    expect(call.state.phase).toBe("talking");
  });

  test("who is back is talked to, and the end of the call is an end like any other", () => {
    const call = live(...ticks(alone, 10_000, 13_000), ...ticks(present, 13_250, 20_000), later(21_000, parted));
    expect(call.state).toMatchObject({ phase: "ended", reason: "completed" });
  });

  test("who does not come back ends the leg, and the caller gets the fallback", () => {
    const call = live(...ticks(alone, 10_000, 19_000));
    expect(call.state).toMatchObject({ phase: "leaving", abandoned: true, reason: "the agent was lost" });
    expect(call.effects).toContain("deleteRoom");
    expect(transition(call.state, later(19_100, parted)).state.phase).toBe("fallback");
  });

  test("is replaced as soon as a worker lives that can take the call; without one the caller gets the fallback in time", () => {
    const nobody = { ...alone, agentDead: true, noWorker: true };
    const held = live(...ticks(nobody, 10_000, 14_000));
    expect(held.effects).not.toContain("replaceAgent");
    const back = live(...ticks(nobody, 10_000, 14_000), later(14_250, { type: "tick", room: alone }));
    expect([back.effects.at(-1), back.marks.at(-1)]).toEqual(["replaceAgent", "agent.lost"]);
    const lost = live(...ticks(nobody, 10_000, 10_000 + TIMERS.agentReturnMs));
    expect(lost.state).toMatchObject({ phase: "leaving", abandoned: true });
    expect(lost.marks.at(-1)).toBe("agent.lost");
  });

  test("and caller of whom LiveKit lists neither are not hung up: nobody can tell, unless it stays so", () => {
    const nobody = { agentReady: false, callerPresent: false, isEmpty: true };
    const empty = live(...ticks(nobody, 10_000, 10_000 + TIMERS.emptyRoomMs - 1_000));
    expect(empty.state).toMatchObject({ phase: "talking", emptySince: START + 10_000 });
    expect(empty.effects).not.toContain("deleteRoom");
    const back = live(...ticks(nobody, 10_000, 20_000), ...ticks(present, 20_250, 22_000));
    expect(back.state.emptySince).toBeUndefined();
    const gone = live(...ticks(nobody, 10_000, 10_000 + TIMERS.emptyRoomMs));
    expect(gone.state).toMatchObject({ phase: "leaving", reason: "the room is empty" });
  });

  test("lost a second time is not replaced again", () => {
    const twice = [...ticks(alone, 10_000, 13_000), ...ticks(present, 13_250, 20_000), ...ticks(alone, 20_250, 22_250)];
    const call = live(...twice);
    expect(call.effects.filter((effect) => effect === "replaceAgent")).toHaveLength(1);
    expect(call.state).toMatchObject({ phase: "leaving", abandoned: true });
  });

  test("a room without the caller is the end of the leg, not the loss of an agent", () => {
    const call = live(...ticks(noAgent, 10_000, 12_000));
    expect(call.effects).not.toContain("replaceAgent");
    expect(call.state).toMatchObject({ phase: "leaving", reason: "the agent's leg has ended" });
    expect(transition(call.state, later(12_100, parted)).state.phase).toBe("ended");
  });
});

describe("a caller who was handed on by the agent", () => {
  const asked = { type: "transfer.asked", target: "+4989300777" };

  test.each(["callback", "dial"] as const)("has left the agent when the legs part (%s)", (flow) => {
    const legs =
      flow === "callback"
        ? [...toDialling, later(700, { type: "leg.arrived", legSid: "leg" })]
        : [later(10, { type: "room.created" }), later(750, { type: "leg.answered", legSid: "leg" })];
    const parted =
      flow === "callback" ? { type: "queue.left", result: "bridged" } : { type: "dial.done", status: "completed" };
    const call = run(
      [...legs, later(5_000, asked), later(5_100, { type: "leg.ended" }), later(5_200, parted)],
      0,
      flow,
    );
    expect(call.state).toMatchObject({ phase: "ended", reason: "transferred", transferTo: "+4989300777" });
    // jambonz may say so twice: an ended call stays untouched
    for (const again of [parted, { type: "dial.done", status: "completed" }])
      expect(transition(call.state, later(5_300, again)).state).toBe(call.state);
  });

  test("is nobody before the agent's leg has come", () => {
    const { state } = run([...toDialling]);
    expect(transition(state, later(600, asked)).state).toBe(state);
  });
});

describe("a room or leg that comes too late", () => {
  test.each(["room.created", "leg.created"])("is deleted: %s", (type) => {
    const ended = run([later(0, { type: "caller.ended", reason: "completed" }), later(10, { type })]);
    expect(ended.effects).toEqual(["deleteRoom", "deleteRoom"]);
    expect(ended.state.phase).toBe("ended");
  });
});

describe("what an agent tells of itself", () => {
  const ready = { type: "agent.ready" };
  const failed = { type: "agent.failed" };

  test("counts as a look would: the leg is sent for at once, also when it is told before LiveKit's answer", () => {
    const waiting = { type: "caller.waiting" };
    for (const events of [
      [later(10, { type: "room.created" }), later(20, waiting), later(600, ready)],
      [later(5, ready), later(10, { type: "room.created" }), later(20, waiting)],
    ]) {
      const call = run(events);
      expect(call.state).toMatchObject({ phase: "dialling", agentReady: true });
      expect(call.effects).toContain("connect");
      expect(call.marks.filter((mark) => mark === "agent.ready")).toHaveLength(1);
    }
  });

  test("gives the call up at once, but not one that has its caller", () => {
    for (const flow of ["callback", "dial"] as const) {
      const call = run([later(10, { type: "room.created" }), later(600, failed)], 0, flow);
      expect(call.state).toMatchObject({ phase: "leaving", reason: "the agent has failed" });
    }
    const { state } = run([...toDialling]);
    expect(transition(state, later(5_000, failed)).state).toBe(state);
  });
});

describe.each(["callback", "dial"] as const)("a caller whose LiveKit is dead (%s)", (flow) => {
  const talk = [
    later(0, { type: "room.created" }),
    later(400, { type: "tick", room: { agentReady: true, callerPresent: false } }),
    later(500, { type: "caller.waiting" }),
    later(600, { type: "leg.arrived", legSid: "leg" }),
    later(700, { type: "leg.answered", legSid: "leg" }),
  ];
  const lost = later(9_000, { type: "agent.reported", report: { joinMs: 1, legLost: true } });
  const moved = later(9_500, { type: "caller.moved" });

  test("is given up as soon as the agent says that the leg does not answer", () => {
    const call = run([...talk, lost], 0, flow);
    expect(call.state).toMatchObject({ phase: "leaving", reason: "LiveKit lost the agent's leg" });
  });

  test("has the fallback once moved, and stays there whatever is said of what was cut", () => {
    const cut = [
      { type: "queue.left", result: "hangup" },
      { type: "queue.left", result: "bridged" },
      { type: "dial.done", status: "completed" },
      { type: "dial.done", status: "no-answer" },
    ].map((event, index) => later(9_600 + index, event));
    const call = run([...talk, lost, moved, ...cut], 0, flow);
    expect(call.state.phase).toBe("fallback");
    expect(call.marks.filter((mark) => mark === "call.fallback")).toHaveLength(1);
    expect(run([...talk, lost, moved, later(12_000, { type: "caller.ended", reason: "completed" })]).state.phase).toBe(
      "ended",
    );
  });

  test("is not moved while the call goes on", () => {
    expect(run([...talk, moved], 0, flow).state.phase).toBe("talking");
  });
});
