import { fileAt } from "./http-files.ts";
import { type Audio, parseStream } from "./tone-stream.ts";

const SPEECH_HZ = 300;
const SPEECH_MS_PER_CHARACTER = 60; // about 1000 characters a minute, a calm announcement
const SPEECH_LEVEL = -30;

/** What `play` of a URL sounds like: streams as FreeSWITCH renders them, files as they are. @throws FileNotFound */
export async function audioOfUrl(url: string): Promise<Audio> {
  return parseStream(url) ?? { segments: [await fileAt(url)], repeats: 1 };
}

/** What `say` sounds like here: a quiet 300 Hz tone of 60 ms a character (own: no speech is synthesised). */
export function audioOfText(text: string): Audio {
  const ms = Math.max(1, text.length) * SPEECH_MS_PER_CHARACTER;
  return { segments: [{ kind: "tone", hz: [SPEECH_HZ], ms, level: SPEECH_LEVEL }], repeats: 1 };
}
