import { findConflicts, type Rule, routeCall, type Trunk } from "../../../../providers/livekit/routing/index.ts";

const rule = (id: string, trunkId: string | undefined, more: Partial<Rule> = {}): Rule => ({
  id,
  trunkIds: trunkId === undefined ? [] : [trunkId],
  room: { type: "callee" },
  ...more,
});

describe("two trunks clash", () => {
  test("when the API lets them in, and a call matches both: the 503 of the facts", () => {
    const trunks: Trunk[] = [
      { id: "ST_1", authUsername: "u", authPassword: "p", callerNumbers: ["+4930123"] },
      { id: "ST_2", allowedAddresses: ["127.0.0.0/8"] },
    ];
    const rules = [rule("SDR_1", "ST_1"), rule("SDR_2", "ST_2")];
    const [conflict, ...others] = findConflicts(trunks, rules);
    expect(conflict).toMatchObject({
      between: "trunks",
      ids: ["ST_1", "ST_2"],
      example: { caller: "+4930123", sourceAddress: "127.0.0.1" },
      sip: { status: 503, reason: "Try again later" },
      spoofed: false,
    });
    expect(others).toEqual([]);
    expect(conflict && routeCall(trunks, rules, conflict.example).kind).toBe("refused");
  });

  test("when one gives the number with +, the other without", () => {
    const trunks: Trunk[] = [
      { id: "ST_1", calledNumbers: ["+49301000"] },
      { id: "ST_2", calledNumbers: ["49301000", "+49301001"] },
    ];
    expect(findConflicts(trunks, [])).toMatchObject([{ ids: ["ST_1", "ST_2"], example: { called: "+49301000" } }]);
  });

  test("when an address is in both lists", () => {
    const trunks: Trunk[] = [
      { id: "ST_1", allowedAddresses: ["10.1.0.0/16", "2001:db8::/32"] },
      { id: "ST_2", allowedAddresses: ["192.168.0.0/16", "2001:db8:1::/48"] },
    ];
    expect(findConflicts(trunks, [])).toMatchObject([
      { example: { sourceAddress: "2001:db8:1:0:0:0:0:1" }, spoofed: false },
    ]);
  });

  test("when one names a host and the other an address: a call can come from that address in the name of that host", () => {
    const trunks: Trunk[] = [
      { id: "ST_1", allowedAddresses: ["sbc.example.com"] },
      { id: "ST_2", allowedAddresses: ["10.0.0.1"] },
    ];
    expect(findConflicts(trunks, [])).toMatchObject([
      { example: { sourceAddress: "10.0.0.1", fromHost: "sbc.example.com" }, spoofed: false },
    ]);
  });

  test("when all masks of one are malformed", () => {
    const trunks: Trunk[] = [
      { id: "ST_1", allowedAddresses: ["10.0.0.1; 10.0.0.2"] },
      { id: "ST_2", allowedAddresses: ["10.0.0.3"] },
    ];
    expect(findConflicts(trunks, [])).toMatchObject([{ example: { sourceAddress: "10.0.0.3" } }]);
  });

  test("for a forged From only, when their addresses are apart", () => {
    const trunks: Trunk[] = [
      { id: "ST_1", allowedAddresses: ["10.0.0.1"] },
      { id: "ST_2", allowedAddresses: ["10.0.0.2"] },
    ];
    expect(findConflicts(trunks, [])).toMatchObject([
      { example: { sourceAddress: "10.0.0.1", fromHost: "10.0.0.2" }, spoofed: true },
    ]);
  });
});

describe("two trunks do not clash", () => {
  test.each([
    ["when they serve other called numbers", { calledNumbers: ["+491"] }, { calledNumbers: ["+492"] }],
    ["when they let other callers in", { callerNumbers: ["+491"] }, { callerNumbers: ["+492"] }],
    ["when one has called numbers and the other none: fencing", { calledNumbers: ["+491"] }, {}],
    ["when each wants another host in From", { allowedAddresses: ["a.example"] }, { allowedAddresses: ["b.example"] }],
  ] satisfies [string, Partial<Trunk>, Partial<Trunk>][])("%s", (_what, one, other) => {
    expect(
      findConflicts(
        [
          { id: "ST_1", ...one },
          { id: "ST_2", ...other },
        ],
        [],
      ),
    ).toEqual([]);
  });
});

describe("rules clash", () => {
  const open: Trunk = { id: "ST_1", calledNumbers: ["+49301000"] };

  test("with the same trunk, numbers and PIN", () => {
    expect(findConflicts([open], [rule("SDR_1", "ST_1"), rule("SDR_2", "ST_1")])).toMatchObject([
      { between: "rules", ids: ["SDR_1", "SDR_2"], example: { called: "+49301000" }, refusal: "rules" },
    ]);
  });

  test("with themselves, when a number stands there in two spellings", () => {
    const rules = [rule("SDR_1", "ST_1", { callerNumbers: ["+4930", "4930"] })];
    expect(findConflicts([open], rules)).toMatchObject([{ between: "rule-itself", ids: ["SDR_1", "SDR_1"] }]);
  });

  test("on a deleted trunk for calls that no trunk matches; Cloud does not get that far", () => {
    const rules = [rule("SDR_1", "ST_gone"), rule("SDR_2", "ST_gone")];
    expect(findConflicts([open], rules)).toHaveLength(1);
    expect(findConflicts([open], rules, { target: "cloud" })).toEqual([]);
  });

  test("for link-local callers, whose zone no block matches, where a trunk takes all other addresses", () => {
    const all: Trunk = { id: "ST_1", allowedAddresses: ["0.0.0.0/0", "::/0"] };
    expect(findConflicts([all], [rule("SDR_1", "ST_gone"), rule("SDR_2", "ST_gone")])).toMatchObject([
      { example: { sourceAddress: "fe80::1%eth0" } },
    ]);
  });

  test("after the credentials, where the trunk asks for them", () => {
    const guarded = { ...open, authUsername: "u", authPassword: "p" };
    const rules = [rule("SDR_1", "ST_1"), rule("SDR_2", "ST_1")];
    expect(findConflicts([guarded], rules)).toMatchObject([{ afterCredentials: true }]);
  });

  test("not when a PIN, a number or a trunk tells them apart, nor as a wildcard beside a rule of a trunk", () => {
    const rules = [
      rule("SDR_1", "ST_1"),
      rule("SDR_2", "ST_1", { room: { type: "callee", pin: "1234" } }),
      rule("SDR_3", "ST_1", { calledNumbers: ["+49301000"] }),
      rule("SDR_4", "ST_2"),
      rule("SDR_5", undefined),
    ];
    expect(findConflicts([open], rules)).toEqual([]);
  });
});

describe("10 000 trunks and rules are judged in less than a second of CPU", () => {
  test.each([
    ["each with its number", (n: number): Partial<Trunk> => ({ calledNumbers: [`+4930${100_000 + n}`] }), 0],
    ["each with its caller", (n: number) => ({ callerNumbers: [`+4930${100_000 + n}`] }), 0],
    ["each with its host", (n: number) => ({ allowedAddresses: [`host${n}.example.com`] }), 0],
    [
      "each with its address, apart only without a forged From",
      (n: number) => ({ allowedAddresses: [`10.${n >> 8}.${n & 255}.1`] }),
      1000,
    ],
    ["all the same", () => ({ allowedAddresses: ["10.0.0.0/8"] }), 1000],
  ])("%s", (_what, more, conflicts) => {
    const trunks = Array.from({ length: 10_000 }, (_, n): Trunk => ({ id: `ST_${n}`, ...more(n) }));
    const rules = trunks.map(({ id }, n) => rule(`SDR_${n}`, id));
    const before = process.cpuUsage();
    const found = findConflicts(trunks, rules);
    const { user, system } = process.cpuUsage(before);
    expect(found).toHaveLength(conflicts);
    expect(new Set(found.map(({ ids }) => ids.join())).size).toBe(conflicts);
    expect((user + system) / 1000).toBeLessThan(1000);
  });
});

test("only so many conflicts are returned as asked for", () => {
  const trunks = Array.from({ length: 10 }, (_, n): Trunk => ({ id: `ST_${n}` }));
  expect(findConflicts(trunks, [], { limit: 7 })).toHaveLength(7);
  expect(findConflicts(trunks, [])).toHaveLength(45);
});
