const HEADER_BYTES = 44;

/** The samples of a WAV file, mono, 16 bit, without other chunks than its format and its data. */
export function samplesOfWav(file: Buffer): Int16Array {
  const count = Math.floor((file.length - HEADER_BYTES) / 2);
  return Int16Array.from({ length: count }, (_, index) => file.readInt16LE(HEADER_BYTES + 2 * index));
}
