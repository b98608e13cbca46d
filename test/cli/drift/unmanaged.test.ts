import { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { conflictDifferences, unmanagedDifferences } from "../../../cli/drift/unmanaged.ts";
import { writeMetadata, writeRuleName } from "../../../providers/dynamic/marks.ts";

const owner = { project: "trunkline", stack: "dev", name: "routing" };
const trunk = (sipTrunkId: string, name: string, more: object = {}) =>
  new SIPInboundTrunkInfo({ sipTrunkId, name, ...more });
const rule = (sipDispatchRuleId: string, name: string) => new SIPDispatchRuleInfo({ sipDispatchRuleId, name });
const project = (parts: object) => ({
  host: "project:443",
  inboundTrunks: [],
  outboundTrunks: [],
  dispatchRules: [],
  ...parts,
});

const found = (parts: object, known: object = {}) =>
  unmanagedDifferences(project(parts), { ids: new Set<string>(), owner, removed: [], ...known }).map(
    ({ kind, id }) => `${kind} ${id}`,
  );

test("objects of each kind that no stack has declared", () => {
  const outboundTrunks = [new SIPOutboundTrunkInfo({ sipTrunkId: "ST_out", name: "by hand" })];
  const parts = {
    inboundTrunks: [trunk("ST_in", "by hand")],
    outboundTrunks,
    dispatchRules: [rule("SDR_x", "by hand")],
  };
  expect(found(parts)).toEqual(["unmanaged ST_in", "unmanaged ST_out", "unmanaged SDR_x"]);
  expect(found(parts, { ids: new Set(["ST_in", "ST_out", "SDR_x"]) })).toEqual([]);
});

test("objects of another stack are that stack's; one with our mark that our state does not know is not", () => {
  const marked = (stack: string) => ({ metadata: writeMetadata({ ...owner, stack, name: "dial" }, {}) });
  expect(found({ inboundTrunks: [trunk("ST_prod", "prod", marked("prod"))] })).toEqual([]);
  expect(found({ inboundTrunks: [trunk("ST_lost", "dev", marked("dev"))] })).toEqual(["unmanaged ST_lost"]);
  expect(found({ dispatchRules: [rule("SDR_lost", writeRuleName({ ...owner, name: "dial" }, "calls"))] })).toEqual([
    "unmanaged SDR_lost",
  ]);
});

test("a removed object that was made again has a new id, and is told by kind and name", () => {
  const removed = ['dispatch rule "old rule" for every number on ST_gone'];
  expect(found({ dispatchRules: [rule("SDR_new", "old rule")] }, { removed })).toEqual(["legacy SDR_new"]);
  expect(found({ dispatchRules: [rule("SDR_new", "old")] }, { removed })).toEqual(["unmanaged SDR_new"]);
  expect(found({ inboundTrunks: [trunk("ST_new", "old rule")] }, { removed })).toEqual(["unmanaged ST_new"]);
});

test("live trunks that take the same call are a conflict", () => {
  const inboundTrunks = [trunk("ST_a", "a", { numbers: ["+4930111"] }), trunk("ST_b", "b", { numbers: ["+4930111"] })];
  const none = new Set<string>();
  expect(conflictDifferences(project({ inboundTrunks }), none)).toEqual([
    expect.objectContaining({ kind: "conflict", id: "ST_a, ST_b", what: expect.stringContaining("503") }),
  ]);
  expect(conflictDifferences(project({ inboundTrunks: inboundTrunks.slice(1) }), none)).toEqual([]);
});

test("this stack's own conflict comes first, however many others have", () => {
  const inboundTrunks = Array.from({ length: 60 }, (_, n) => trunk(`ST_${n}`, `${n}`, { numbers: ["+4930111"] }));
  const ours = [trunk("ST_ours", "ours", { numbers: ["+4930222"] }), trunk("ST_x", "x", { numbers: ["+4930222"] })];
  const live = project({ inboundTrunks: [...inboundTrunks, ...ours] });
  expect(conflictDifferences(live, new Set(["ST_ours"]))[0]).toMatchObject({ id: "ST_ours, ST_x" });
});
