import { refreshDifferences } from "../../../cli/drift/changes.ts";
import { driftJson, driftMarkdown, driftText } from "../../../cli/drift/report.ts";
import { recordedIO } from "../recorded-io.ts";
import { recorded } from "./recorded/index.ts";

const differences = refreshDifferences(recorded("drifted.refresh"));
const text = (report: object) => driftText({ stack: "dev", differences, ...report }, recordedIO());

test("a table: declared beside live, the missing object first, and what to do", () => {
  const lines = text({}).split("\n");
  expect(lines[2]).toMatch(/^missing +inbound trunk "dial" ST_\w+ +ST_\w+ +not there$/);
  expect(lines[3]).toMatch(/^changed +outbound trunk "sbc" ST_\w+ +address +127\.0\.0\.1:5099 +evil\.example\.com$/);
  expect(lines.at(-1)).toContain("npx --no-install trunkline drift --heal");
});

test("clean is said in one line; after healing, with what there was", () => {
  expect(text({ differences: [] })).toBe("Stack dev: what is live is what is declared.");
  expect(text({ differences: [], before: differences })).toMatch(
    /^Found, before `pulumi up --refresh`:\n[\s\S]*is declared\.$/,
  );
});

test("JSON has every difference with its values", () => {
  expect(driftJson({ stack: "dev", differences: [] })).toMatchObject({
    format: "trunkline.drift/1",
    clean: true,
    differences: [],
  });
  expect(driftJson({ stack: "dev", differences })).toMatchObject({
    clean: false,
    differences: expect.arrayContaining([
      expect.objectContaining({
        kind: "changed",
        system: "LiveKit",
        field: "address",
        declared: "127.0.0.1:5099",
        live: "evil.example.com",
      }),
    ]),
  });
});

test("a value cannot break out of the summary's table", () => {
  const live = "a | b\n`c`";
  const [first] = differences;
  if (first === undefined) throw new Error("nothing recorded");
  const rows = driftMarkdown({ stack: "dev", differences: [{ ...first, live }] })
    .split("\n")
    .filter((line) => line.startsWith("|"));
  expect(rows).toHaveLength(3);
  expect(rows[2]?.match(/(?<!\\)\|/g)).toHaveLength(8);
});
