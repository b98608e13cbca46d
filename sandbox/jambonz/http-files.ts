import type { PlaySegment } from "./protocol.ts";

/** Of the file's whole address (seen live: jambonz-live, section 11). */
const KEPT_MS = 300_000;
const RATE = 8_000;
const HEADER_BYTES = 44;

/** What FreeSWITCH says of every file that it cannot have. */
export class FileNotFound extends Error {
  constructor() {
    super("File Not Found");
  }
}

const kept = new Map<string, { at: number; file: Buffer }>();

/**
 * A file as FreeSWITCH gets it: HEAD, then GET; a path that ends in `.wav`; kept by its whole address for 300 s, unless the server says
 * `no-store`; no time-out (seen live: jambonz-live, section 11). Only mono WAV of 8 kHz and 16 bit is understood (own: all that is played here).
 * @throws FileNotFound
 */
export async function fileAt(url: string): Promise<PlaySegment> {
  const file = await fetched(url);
  const pcm = file.subarray(HEADER_BYTES);
  if (file.toString("latin1", 36, 40) !== "data" || file.readUInt32LE(24) !== RATE) throw new FileNotFound();
  return { kind: "samples", pcm: pcm.toString("base64"), ms: Math.ceil((pcm.length / 2 / RATE) * 1_000) };
}

async function fetched(url: string): Promise<Buffer> {
  const known = kept.get(url);
  if (known && Date.now() - known.at < KEPT_MS) return known.file;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol) || !new URL(url).pathname.endsWith(".wav"))
    throw new FileNotFound();
  const head = await fetch(url, { method: "HEAD" }).catch(() => undefined);
  if (!head?.ok) throw new FileNotFound();
  const answer = await fetch(url).catch(() => undefined);
  if (!answer?.ok) throw new FileNotFound();
  const file = Buffer.from(await answer.arrayBuffer());
  if (!/no-store/.test(answer.headers.get("cache-control") ?? "")) kept.set(url, { at: Date.now(), file });
  return file;
}
