import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { shippedFiles, spoken } from "../../../cli/checks/spoken-files.ts";
import { requireSpeech } from "../../../sandbox/toolchain/debian.ts";

/** Another version's voice is another one. */
const VERSION = "1.51";

test("the shipped files are what `node cli/checks/spoken-files.ts` makes of the sentences", async () => {
  await requireSpeech(() => undefined);
  const isSame = execFileSync("espeak-ng", ["--version"], { encoding: "utf8" }).includes(` ${VERSION}`);
  for (const { path, text, voice } of shippedFiles()) {
    const made = spoken(text, voice);
    const kept = readFileSync(path);
    expect(Math.abs(made.length - kept.length)).toBeLessThan(kept.length / 2);
    if (isSame) expect(made.equals(kept)).toBe(true);
  }
});
