import {
  type Answer,
  type Call,
  type Rule,
  routeCall,
  type Trunk,
} from "../../../../providers/livekit/routing/index.ts";

const call: Call = { caller: "+4930123", called: "+49301000", sourceAddress: "198.51.100.7" };
const trunk = (id: string, more: Partial<Trunk> = {}): Trunk => ({ id, allowedAddresses: ["0.0.0.0/0"], ...more });
const rule = (id: string, more: Partial<Rule> = {}): Rule => ({
  id,
  room: { type: "callee" },
  trunkIds: ["ST_1"],
  ...more,
});
const trunkVerdicts = ({ explanation }: Answer) => explanation.trunks.map(({ verdict }) => verdict);
const ruleVerdicts = ({ explanation }: Answer) => explanation.rules.map(({ verdict }) => verdict);
const ruleOf = (answer: Answer) => ("rule" in answer ? answer.rule.id : undefined);

describe("the trunk", () => {
  test("with the called number beats one without; numbers are compared normalised", () => {
    const answer = routeCall(
      [trunk("ST_1"), trunk("ST_2", { calledNumbers: ["49 30 1000"] })],
      [rule("SDR_1", { trunkIds: ["ST_2"] })],
      call,
    );
    expect(answer).toMatchObject({ kind: "room", trunk: { id: "ST_2" }, room: { name: "+49301000" } });
    expect(trunkVerdicts(answer)).toEqual(["beaten-by-called-number", "matches"]);
  });

  test("is left out when it does not let the caller, the source or the called number in", () => {
    const trunks = [
      trunk("ST_1", { callerNumbers: ["+4940"] }),
      trunk("ST_2", { allowedAddresses: ["10.0.0.0/8"] }),
      trunk("ST_3", { calledNumbers: ["+49302000"] }),
    ];
    const answer = routeCall(trunks, [rule("SDR_1")], call);
    expect(answer).toMatchObject({ kind: "no-match", noTrunk: true, sip: { status: undefined } });
    expect(trunkVerdicts(answer)).toEqual(["caller-not-allowed", "source-not-allowed", "other-called-numbers"]);
  });

  test("of the 503: one with credentials and the caller's number, one with addresses, neither with numbers", () => {
    const trunks: Trunk[] = [
      { id: "ST_1", authUsername: "u", authPassword: "p", callerNumbers: ["+4930123"] },
      { id: "ST_2", allowedAddresses: ["127.0.0.0/8"] },
    ];
    const rules = [rule("SDR_1"), rule("SDR_2", { trunkIds: ["ST_2"] })];
    const answer = routeCall(trunks, rules, { ...call, sourceAddress: "127.0.0.1" });
    expect(answer).toMatchObject({
      kind: "refused",
      because: "trunks-without-numbers",
      candidates: ["ST_1", "ST_2"],
      sip: { status: 503, reason: "Try again later" },
    });
    expect(routeCall(trunks, rules, call).kind).toBe("challenge");
  });

  test("twice with the called number: 503", () => {
    const trunks = [trunk("ST_1", { calledNumbers: ["+49301000"] }), trunk("ST_2", { calledNumbers: ["49301000"] })];
    expect(routeCall(trunks, [], call)).toMatchObject({
      because: "trunks-with-called-number",
      candidates: ["ST_1", "ST_2"],
    });
  });

  test("cannot be looked for when the source is no address", () => {
    const answer = routeCall([trunk("ST_1")], [], { ...call, sourceAddress: "carrier.example.com" });
    expect(answer).toMatchObject({ kind: "refused", because: "source-address", candidates: [] });
  });
});

describe("credentials", () => {
  const guarded = trunk("ST_1", { authUsername: "user", authPassword: "secret" });

  test("are asked for, and then the rule decides", () => {
    const answer = routeCall([guarded], [rule("SDR_1")], call);
    expect(answer).toMatchObject({ kind: "challenge", realm: "LiveKit", sip: { status: 407 } });
    expect(answer).toHaveProperty("then.kind", "room");
    expect(ruleVerdicts(answer)).toEqual(["not-looked-at"]);
    const auth = { username: "user", password: "secret" };
    expect(routeCall([guarded], [rule("SDR_1")], { ...call, auth }).kind).toBe("room");
  });

  test("that are wrong get a 401", () => {
    const auth = { username: "user", password: "guess" };
    expect(routeCall([guarded], [rule("SDR_1")], { ...call, auth })).toMatchObject({
      kind: "wrong-credentials",
      sip: { status: 401 },
    });
  });

  test("of which one half is missing are asked of nobody; Cloud does not show the password", () => {
    const half = trunk("ST_1", { authUsername: "user" });
    expect(routeCall([half], [rule("SDR_1")], call).kind).toBe("room");
    expect(routeCall([half], [rule("SDR_1")], call, { target: "cloud" }).kind).toBe("challenge");
  });
});

describe("the rule", () => {
  test("of the trunk beats one for all trunks", () => {
    const rules = [rule("SDR_1", { trunkIds: [], calledNumbers: ["+49301000"] }), rule("SDR_2")];
    const answer = routeCall([trunk("ST_1")], rules, call);
    expect(ruleOf(answer)).toBe("SDR_2");
    expect(ruleVerdicts(answer)).toEqual(["beaten-by-trunk-rule", "matches"]);
  });

  test("for all trunks answers a call that no trunk matched, without credentials", () => {
    const guarded = trunk("ST_1", { calledNumbers: ["+49302000"], authUsername: "user", authPassword: "secret" });
    const answer = routeCall([guarded], [rule("SDR_1", { trunkIds: [] })], call);
    expect(answer).toMatchObject({ kind: "room", rule: { id: "SDR_1" } });
    expect(answer.trunk).toBeUndefined();
  });

  test("compares numbers character by character, other than the trunk", () => {
    const rules = [rule("SDR_1", { calledNumbers: ["49301000"] }), rule("SDR_2", { callerNumbers: ["4930123"] })];
    const answer = routeCall([trunk("ST_1", { calledNumbers: ["49301000"] })], rules, call);
    expect(answer).toMatchObject({ kind: "no-match", noTrunk: false });
    expect(ruleVerdicts(answer)).toEqual(["called-spelt-differently", "caller-spelt-differently"]);
  });

  test("that lists numbers beats one that does not, then direct beats individual beats callee", () => {
    const direct = rule("SDR_1", { room: { type: "direct", roomName: "lobby" }, calledNumbers: ["+49301000"] });
    const individual = rule("SDR_2", { room: { type: "individual" }, callerNumbers: ["+4930123"] });
    const callee = rule("SDR_3");
    expect(ruleOf(routeCall([trunk("ST_1")], [callee, individual, direct], call))).toBe("SDR_1");
    expect(ruleOf(routeCall([trunk("ST_1")], [callee, individual], call))).toBe("SDR_2");
  });

  test("ties: the lower room name, then the lower id", () => {
    const room = (roomName: string) => ({ type: "direct" as const, roomName });
    const rules = [
      rule("SDR_1", { room: room("b"), calledNumbers: ["+49301000"] }),
      rule("SDR_2", { room: room("a"), callerNumbers: ["+4930123"] }),
    ];
    expect(ruleOf(routeCall([trunk("ST_1")], rules, call))).toBe("SDR_2");
    const same = rules.map((one) => ({ ...one, room: room("a") }));
    expect(ruleOf(routeCall([trunk("ST_1")], same.toReversed(), call))).toBe("SDR_1");
  });

  test("with the key of another gives 503 to every call on the trunk, other numbers too", () => {
    const rules = [
      rule("SDR_1", { calledNumbers: ["+49309"] }),
      rule("SDR_2", { calledNumbers: ["49309"] }),
      rule("SDR_3"),
    ];
    const answer = routeCall([trunk("ST_1")], rules, call);
    expect(answer).toMatchObject({ kind: "refused", because: "rules", candidates: ["SDR_1", "SDR_2"] });
    expect(ruleVerdicts(answer)).toEqual(["clashes", "clashes", "matches"]);
  });

  test("clashes with itself when it lists a number in two spellings", () => {
    const rules = [rule("SDR_1", { calledNumbers: ["+49301000", "49301000"] })];
    expect(routeCall([trunk("ST_1")], rules, call)).toMatchObject({ because: "rules", candidates: ["SDR_1"] });
  });

  test("of other trunks that clash give 503 to calls without a trunk", () => {
    const rules = [rule("SDR_1", { trunkIds: ["ST_gone"] }), rule("SDR_2", { trunkIds: ["ST_gone"] }), rule("SDR_3")];
    expect(routeCall([], rules, call).kind).toBe("refused");
    expect(routeCall([trunk("ST_1")], rules, call).kind).toBe("room");
  });

  test("of an unknown kind gives 503 wherever it is looked at", () => {
    const answer = routeCall(
      [trunk("ST_1")],
      [rule("SDR_1"), rule("SDR_2", { room: { type: "unknown" }, calledNumbers: ["1"] })],
      call,
    );
    expect(answer).toMatchObject({ kind: "refused", because: "rule-of-unknown-kind", candidates: ["SDR_2"] });
  });

  test("that hides numbers crashes the server when the caller has none", () => {
    const rules = [rule("SDR_1", { hidePhoneNumber: true })];
    expect(routeCall([trunk("ST_1")], rules, { ...call, caller: "" }).kind).toBe("server-crash");
  });

  test("is not found: silence from the open-source server, 404 from Cloud", () => {
    expect(routeCall([trunk("ST_1")], [], call)).toMatchObject({ kind: "no-match", sip: { status: undefined } });
    expect(routeCall([trunk("ST_1")], [], call, { target: "cloud" })).toMatchObject({ sip: { status: 404 } });
    const wildcard = [rule("SDR_1", { trunkIds: [] })];
    expect(routeCall([], wildcard, call, { target: "cloud" })).toMatchObject({
      sip: { status: 404, reason: "No trunk found" },
    });
  });

  test("is not found for an id that CreateSIPParticipant returned: it rings and is never answered", () => {
    expect(routeCall([], [], { ...call, called: "SCL_abc123" })).toMatchObject({
      kind: "no-match",
      noTrunk: true,
      sip: { status: undefined },
    });
  });
});

describe("a PIN", () => {
  const open = rule("SDR_open");
  const guarded = rule("SDR_pin", { room: { type: "direct", roomName: "board", pin: "1234" } });
  const route = (more: Partial<Call>, rules = [open, guarded]) =>
    routeCall([trunk("ST_1")], rules, { ...call, ...more });

  test("rule beats open ones on the first look-up", () => {
    expect(route({})).toMatchObject({ kind: "pin-required", rule: { id: "SDR_pin" }, sip: { status: 200 } });
  });

  test("rule without numbers is beaten by an open one with", () => {
    expect(ruleOf(route({}, [guarded, rule("SDR_open", { calledNumbers: ["+49301000"] })]))).toBe("SDR_open");
  });

  test.each([
    ["that is right leads to its room", "1234", "room", "SDR_pin"],
    ["that is empty (# alone) leads to the open rule", "", "room", "SDR_open"],
    ["that is wrong never leads to the open rule", "9999", "wrong-pin", undefined],
    ["longer than 16 digits is wrong", "12345678901234567", "wrong-pin", undefined],
  ])("%s", (_what, pin, kind, id) => {
    const answer = route({ pin });
    expect([answer.kind, ruleOf(answer)]).toEqual([kind, id]);
  });

  test("tells apart rules that would clash without", () => {
    const other = rule("SDR_other", { room: { type: "direct", roomName: "desk", pin: "99" } });
    expect(ruleOf(route({ pin: "99" }, [guarded, other]))).toBe("SDR_other");
  });

  test("rule that leads nowhere is a wrong one", () => {
    const nowhere = rule("SDR_pin", { room: { type: "direct", roomName: "", pin: "1234" } });
    expect(route({ pin: "1234" }, [nowhere]).kind).toBe("wrong-pin");
  });
});

describe("the room", () => {
  const roomOf = (more: Partial<Rule>, caller = call.caller) => {
    const answer = routeCall([trunk("ST_1")], [rule("SDR_1", more)], { ...call, caller });
    return answer.kind === "room" ? answer.room : undefined;
  };

  test.each([
    ["direct: the one named", { room: { type: "direct", roomName: "lobby" } }, "lobby", false],
    ["callee: the called user", { room: { type: "callee" } }, "+49301000", false],
    [
      "callee with a prefix and randomness",
      { room: { type: "callee", roomPrefix: "call", randomize: true } },
      "call_+49301000",
      true,
    ],
    [
      "individual: the caller, with randomness unless told otherwise",
      { room: { type: "individual" } },
      "+4930123",
      true,
    ],
    [
      "individual with a hidden number: its last digits",
      { hidePhoneNumber: true, room: { type: "individual", roomPrefix: "call", noRandomness: true } },
      "call_0123",
      false,
    ],
  ] satisfies [string, Partial<Rule>, string, boolean][])("%s", (_what, more, name, randomSuffix) => {
    expect(roomOf(more)).toEqual({ name, randomSuffix });
  });

  test("of a hidden number of up to four digits has the last one", () => {
    expect(roomOf({ hidePhoneNumber: true, room: { type: "individual" } }, "1234")?.name).toBe("4");
  });

  test("gets the agents of its rule", () => {
    const answer = routeCall(
      [trunk("ST_1")],
      [rule("SDR_1", { agents: [{ name: "my-agent", metadata: "{}" }] })],
      call,
    );
    expect(answer).toMatchObject({ kind: "room", agents: [{ name: "my-agent", metadata: "{}" }] });
  });
});
