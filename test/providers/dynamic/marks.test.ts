import fc from "fast-check";
import {
  readMetadata,
  readRuleMark,
  readRuleName,
  stackIdOf,
  writeMetadata,
  writeRuleName,
} from "../../../providers/dynamic/marks.ts";

const mark = { project: "trunkline", stack: "prod", name: "sbc" };

test("the mark stands beside the user's own metadata", () => {
  const own = fc.dictionary(
    fc.string().filter((key) => key !== "trunkline" && key !== "__proto__"),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(own, (metadata) => {
      const stored = JSON.parse(JSON.stringify(metadata));
      expect(readMetadata(writeMetadata(mark, metadata))).toEqual({ mark, metadata: stored });
    }),
  );
});

test.each(["", "a note", "[1]", "null", '{"trunkline":"yes"}', '{"trunkline":{"stack":"prod"}}'])(
  "%j carries no mark",
  (text) => {
    expect(readMetadata(text).mark).toBeUndefined();
  },
);

test("a rule carries the mark at the end of its name", () => {
  expect(readRuleMark("calls [trunkline:trunkline/prod/sbc]")).toEqual(mark);
  expect(readRuleMark("trunkline/prod/sbc")).toBeUndefined();
});

const text = (alphabet: string) => fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom(...alphabet) });
const anyMark = fc.record(
  {
    stackId: text("abc234./-_"),
    organization: text("abc-_"),
    project: text("abc-_."),
    stack: text("abc-_."),
    name: text("abc ./-_+#"),
  },
  { requiredKeys: ["stackId", "project", "stack", "name"] },
);

test("a mark with an identity is read as it was written, beside whatever name a rule has", () => {
  fc.assert(
    fc.property(anyMark, text("abc #"), (written, name) => {
      const stored = writeRuleName(written, name);
      expect(readRuleMark(stored)).toEqual(written);
      expect(readRuleName(stored)).toBe(name.trimEnd());
      expect(readMetadata(writeMetadata(written, {})).mark).toEqual(written);
    }),
  );
});

test("a resource may be called as an identity is written", () => {
  const written = { ...mark, stackId: "abc", name: "sbc #abc" };
  expect(readRuleMark(writeRuleName(written, "calls"))).toEqual(written);
});

test("the names are the identity of a mark of an earlier version", () => {
  expect(stackIdOf(mark)).toBe("trunkline/prod");
  expect(stackIdOf({ ...mark, stackId: "abc" })).toBe("abc");
});
