import fc from "fast-check";
import { readMetadata, readRuleMark, writeMetadata } from "../../../providers/dynamic/marks.ts";

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
