import { pendingDifferences, refreshDifferences } from "../../../cli/drift/changes.ts";
import { recorded } from "./recorded/index.ts";

const brief = (differences: ReturnType<typeof refreshDifferences>) =>
  differences.map(({ kind, object, field, declared, live }) => ({ kind, object, field, declared, live }));

test("a stack that nobody has touched differs in nothing", () => {
  expect(refreshDifferences(recorded("clean.refresh"))).toEqual([]);
});

test("edited fields are told one by one, secrets without their values; a deleted object is missing", () => {
  const sbc = { kind: "changed", object: 'outbound trunk "sbc"' };
  expect(brief(refreshDifferences(recorded("drifted.refresh"))).slice(0, 4)).toEqual([
    { ...sbc, field: "address", declared: "127.0.0.1:5099", live: "evil.example.com" },
    { ...sbc, field: "authPassword", declared: "[secret]", live: "[secret]" },
    { ...sbc, field: 'headers["X-Carrier"]', declared: "Schmidtkom", live: "other" },
    {
      kind: "missing",
      object: 'inbound trunk "dial"',
      field: "",
      declared: expect.stringMatching(/^ST_/),
      live: undefined,
    },
  ]);
});

test("an object whose name the stack watches for is legacy that came back", () => {
  expect(refreshDifferences(recorded("drifted.refresh")).slice(4)).toEqual([
    expect.objectContaining({
      kind: "legacy",
      object: 'inbound trunk "old one" for +4930777',
      id: expect.stringMatching(/^ST_/),
    }),
  ]);
});

test("what the preview would do about these differences is not told a second time", () => {
  const told = refreshDifferences(recorded("drifted.refresh"));
  expect(pendingDifferences(recorded("drifted.preview"), told)).toEqual([]);
});

test("without them: what is declared and not deployed, but for what cannot be known yet, and what differs from a declaration that is deployed", () => {
  const pending = brief(pendingDifferences(recorded("drifted.preview"), []));
  expect(pending).toContainEqual({
    kind: "pending",
    object: 'inbound trunk "dial"',
    field: "",
    declared: undefined,
    live: undefined,
  });
  expect(pending).toContainEqual({
    kind: "changed",
    object: 'outbound trunk "sbc"',
    field: "address",
    declared: "127.0.0.1:5099",
    live: "evil.example.com",
  });
  expect(pending.filter(({ object }) => object.startsWith("dispatch rule"))).toEqual([]);
});

test("a declaration that was changed and is not deployed is pending, entry by entry", () => {
  const urn = "urn:pulumi:dev::trunkline::heroku:index/appConfigAssociation:AppConfigAssociation::agent";
  const side = (vars: object) => ({ inputs: { vars }, outputs: {} });
  const [deployed, declared] = [side({ A: "1", B: "2" }), side({ A: "1", B: "3", C: "4" })];
  const common = { urn, type: "heroku:index/appConfigAssociation:AppConfigAssociation", name: "agent", id: "config:1" };
  const steps = [
    { ...common, op: "refresh", paths: [], before: deployed, after: deployed },
    { ...common, op: "update", paths: ["vars"], before: deployed, after: declared },
  ];
  expect(brief(pendingDifferences({ steps, errors: [] }, []))).toEqual([
    { kind: "pending", object: 'app config association "agent"', field: "vars.B", declared: "3", live: "2" },
    { kind: "pending", object: 'app config association "agent"', field: "vars.C", declared: "4", live: undefined },
  ]);
});
