/** One note of a melody. */
export interface Note {
  hz: number;
  ms: number;
}

const FADE_MS = 5; // a tone that starts at full level clicks

/**
 * A sine tone, mono, 16 bit.
 * @param level peak, 0…1 of full scale, default 0.25 (-12 dBFS): loud on a telephone, far from clipping.
 */
export function tone(note: Note, sampleRate: number, level = 0.25): Int16Array {
  const samples = new Int16Array(Math.round((note.ms / 1000) * sampleRate));
  const fade = Math.min((FADE_MS / 1000) * sampleRate, samples.length / 2);
  for (let i = 0; i < samples.length; i++) {
    const envelope = Math.min(1, i / fade, (samples.length - 1 - i) / fade);
    samples[i] = Math.round(32_767 * level * envelope * Math.sin((2 * Math.PI * note.hz * i) / sampleRate));
  }
  return samples;
}

/** Notes one after another, without a gap. */
export function melody(notes: readonly Note[], sampleRate: number, level?: number): Int16Array {
  const parts = notes.map((note) => tone(note, sampleRate, level));
  const joined = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
