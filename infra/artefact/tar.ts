import { gzipSync } from "node:zlib";

/** One regular file. */
export interface TarFile {
  /** Relative, with `/`; at most 100 bytes. */
  path: string;
  content: Buffer;
}

const BLOCK = 512;
/** Node takes 1970-01-01 for "no time" in places; any fixed time does. */
const MODIFIED_SECONDS = 946_684_800;

/**
 * A gzipped tar archive (ustar) whose bytes depend on nothing but names and contents. It is stored uncompressed: what deflate
 * makes of a file differs between zlib versions and processors.
 */
export function tarball(files: readonly TarFile[]): Buffer {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const blocks = sorted.flatMap(({ path, content }) => [
    header(path, content.length),
    content,
    padding(content.length),
  ]);
  const packed = gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 0 });
  packed[9] = 255; // the system it was made on: unknown
  return packed;
}

function header(path: string, size: number): Buffer {
  if (Buffer.byteLength(path) > 100) throw new Error(`The path "${path}" is too long for an archive`);
  const block = Buffer.alloc(BLOCK);
  block.write(path, 0);
  block.write("0000644\0", 100);
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  block.write(`${octal(size, 11)} `, 124);
  block.write(`${octal(MODIFIED_SECONDS, 11)} `, 136);
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\x0000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}
