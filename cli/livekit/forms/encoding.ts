import { badFile } from "./bad-file.ts";

/** A text, and how it was written. */
export interface Decoded {
  text: string;
  encoding: Encoding;
}

type Encoding = "UTF-8" | "UTF-16 LE" | "UTF-16 BE" | "UTF-32";

/** The byte order marks; UTF-32's begins like one of UTF-16. */
const MARKS: readonly [Encoding, readonly number[]][] = [
  ["UTF-32", [0xff, 0xfe, 0, 0]],
  ["UTF-32", [0, 0, 0xfe, 0xff]],
  ["UTF-8", [0xef, 0xbb, 0xbf]],
  ["UTF-16 LE", [0xff, 0xfe]],
  ["UTF-16 BE", [0xfe, 0xff]],
];

/** How compressed files begin. */
const PACKERS: readonly [string, readonly number[]][] = [
  ["gzip", [0x1f, 0x8b]],
  ["zip", [0x50, 0x4b, 3, 4]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["Zstandard", [0x28, 0xb5, 0x2f, 0xfd]],
];

const DECODERS = { "UTF-8": "utf-8", "UTF-16 LE": "utf-16le", "UTF-16 BE": "utf-16be" } as const;

/**
 * UTF-8, or UTF-16 as PowerShell's `>` writes it; with or without a byte order mark.
 * @throws CliError BAD_FILE
 */
export function decode(bytes: Uint8Array, name: string): Decoded {
  const packer = PACKERS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0];
  if (packer !== undefined)
    throw badFile(name, `this is compressed (${packer})`, "Unpack it first, and give what was in it.");
  const encoding = encodingOf(bytes);
  if (encoding === "UTF-32") throw badFile(name, "the encoding is UTF-32", "Save the file as UTF-8.");
  try {
    return { text: new TextDecoder(DECODERS[encoding], { fatal: true }).decode(bytes), encoding };
  } catch {
    throw badFile(name, `the text is not valid ${encoding}`, "Save the file as UTF-8.");
  }
}

function encodingOf(bytes: Uint8Array): Encoding {
  const marked = MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  if (marked) return marked[0];
  // JSON begins with an ASCII character: in UTF-16 one of the first two bytes is 0.
  if (bytes.length >= 2 && bytes[0] !== 0 && bytes[1] === 0) return "UTF-16 LE";
  return bytes.length >= 2 && bytes[0] === 0 && bytes[1] !== 0 ? "UTF-16 BE" : "UTF-8";
}
