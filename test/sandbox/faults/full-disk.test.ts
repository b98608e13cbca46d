import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SmallDisk, whyNoSmallDisk } from "../../../sandbox/faults/full-disk.ts";

const folder = mkdtempSync(join(tmpdir(), "full-disk-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const why = whyNoSmallDisk();
(why === undefined ? test : test.skip)(
  `a full disk takes nothing, an emptied one does, and its content outlives it${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    const file = (name: string) => join(folder, name);
    writeFileSync(file("before"), "there before");
    const disk = SmallDisk.under(folder, 1);
    try {
      disk.fill();
      expect(() => writeFileSync(file("refused"), "x".repeat(8_192))).toThrow(/ENOSPC/);
      disk.free();
      writeFileSync(file("after"), "there now");
    } finally {
      disk.remove();
    }
    expect(readFileSync(file("before"), "utf8")).toBe("there before");
    expect(readFileSync(file("after"), "utf8")).toBe("there now");
  },
);
