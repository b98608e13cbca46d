import { randomInt } from "node:crypto";
import { SandboxError } from "../errors.ts";

const LOWEST_HZ = 500;
const HIGHEST_HZ = 1_600;
/** What else is on the line: hold music, announcement, greeting. */
const TAKEN_HZ = [300, 425, 700, 900];
const DISTANCE_HZ = 80;

/**
 * The frequency a caller sends: TRUNKLINE_TONE_HZ when set (300 to 3000), else a new one each call, away from every other
 * tone of the sandbox, so that what comes back can only be this call's echo.
 */
export function chooseTone(given = process.env.TRUNKLINE_TONE_HZ): number {
  if (given) return checked(given);
  for (;;) {
    const hz = randomInt(LOWEST_HZ, HIGHEST_HZ);
    if (TAKEN_HZ.every((taken) => Math.abs(taken - hz) >= DISTANCE_HZ)) return hz;
  }
}

function checked(text: string): number {
  const hz = Number(text);
  if (hz >= 300 && hz <= 3_000) return hz;
  throw new SandboxError("USAGE", `TRUNKLINE_TONE_HZ is "${text}"`, "Give a frequency from 300 to 3000.");
}
