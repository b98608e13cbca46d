/** What a telephone line carries, so that no media server has to convert it. */
const RATE = 8_000;
const BYTES_A_SECOND = 2 * RATE;
const LONGEST_SECONDS = 60;
const PCM = 1;

/** Why a file cannot be played to a caller; undefined = it can: WAV, PCM, 16 bit, mono, 8 kHz, at most a minute. */
export function problemOfWav(file: Buffer): string | undefined {
  const format = chunkOf(file, "fmt ");
  const data = chunkOf(file, "data");
  if (format === undefined || format.length < 16 || data === undefined) return "is not a WAV file";
  const isPlain =
    format.readUInt16LE(0) === PCM &&
    format.readUInt16LE(2) === 1 &&
    format.readUInt32LE(4) === RATE &&
    format.readUInt16LE(14) === 16;
  if (!isPlain) return "is not PCM, 16 bit, mono, 8000 Hz";
  if (data.length === 0) return "has no sound in it";
  return data.length > LONGEST_SECONDS * BYTES_A_SECOND ? `is longer than ${LONGEST_SECONDS} s` : undefined;
}

/** @param file one without a problem */
export function durationMs(file: Buffer): number {
  return Math.ceil(((chunkOf(file, "data")?.length ?? 0) / BYTES_A_SECOND) * 1_000);
}

/** The content of the first chunk of that name. A length beyond the end, as streaming encoders write it, means up to the end. */
export function chunkOf(file: Buffer, name: string): Buffer | undefined {
  if (file.length < 12 || file.toString("latin1", 0, 4) !== "RIFF" || file.toString("latin1", 8, 12) !== "WAVE")
    return undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const length = file.readUInt32LE(at + 4);
    if (file.toString("latin1", at, at + 4) === name) return file.subarray(at + 8, at + 8 + length);
    at += 8 + length + (length % 2);
  }
  return undefined;
}
