import fc from "fast-check";
import { z } from "zod";
import { changedFields, checkFields } from "../../../providers/dynamic/check.ts";
import { samePlain, withoutProvider, withoutUndefined } from "../../../providers/dynamic/plain.ts";
import { containsUnknown, UNKNOWN } from "../../../providers/dynamic/unknown.ts";

const fields = { host: z.string().min(3, "is too short"), ports: z.array(z.number()).default([5060]) };

test("brings inputs into their one form: defaults in, what is no input out", () => {
  expect(checkFields(fields, { host: "sbc", sipTrunkId: "ST_1" })).toEqual({
    inputs: { host: "sbc", ports: [5060] },
    failures: [],
  });
});

test("names each failure by its property", () => {
  const { failures } = checkFields(fields, { host: "", ports: [1, "x"] });
  expect(failures).toEqual([
    { property: "host", reason: "is too short" },
    { property: "ports.1", reason: expect.stringContaining("expected number") },
  ]);
});

test("lets values pass that are not known yet, wherever they are", () => {
  for (const host of [UNKNOWN, `sip.${UNKNOWN}.example.com`])
    expect(checkFields(fields, { host, ports: [UNKNOWN] })).toEqual({
      inputs: { host, ports: [UNKNOWN] },
      failures: [],
    });
});

test("an unknown value counts as changed, equal values do not, in whatever order their keys are", () => {
  const state = { host: { a: 1, b: 2 }, ports: [1] };
  expect(changedFields(fields, state, { host: { b: 2, a: 1 }, ports: [1] })).toEqual([]);
  expect(changedFields(fields, state, { host: { b: 2, a: 1 }, ports: UNKNOWN })).toEqual(["ports"]);
  expect(changedFields(fields, state, { host: { b: 2, a: 1 }, ports: [1, 2] })).toEqual(["ports"]);
});

const json = fc.jsonValue({ maxDepth: 3 });

test("an unknown value is found at any depth", () => {
  fc.assert(
    fc.property(json, fc.array(fc.constantFrom("list", "object")), (beside, path) => {
      const nested = path.reduce<unknown>(
        (value, kind) => (kind === "list" ? [beside, value] : { beside, value }),
        UNKNOWN,
      );
      expect(containsUnknown(nested)).toBe(true);
      expect(containsUnknown(beside)).toBe(false);
    }),
  );
});

test("what goes to Pulumi has no undefined and is otherwise the same", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.option(json, { nil: undefined })), (value) => {
      const clean = withoutUndefined(value);
      expect(JSON.stringify(clean)).toBe(JSON.stringify(value));
      expect(Object.values(clean)).not.toContain(undefined);
      expect(samePlain(clean, value)).toBe(true);
    }),
  );
});

test("Pulumi's own key is taken off", () => {
  expect(withoutProvider({ __provider: "code", host: "sbc" })).toEqual({ host: "sbc" });
});
