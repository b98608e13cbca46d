/**
 * Errors quote what they could not read, and that may be what a caller or a model has said: `Unexpected token 'w', "what are y"… is not valid
 * JSON`, `expected object from function arguments: …` (`@livekit/agents` 1.9.0, llm/utils.ts).
 */
const QUOTED = [/"[^"]*"/gs, /'[^']*'/gs, /`[^`]*`/gs, /“[^”]*”/gs, /\{.*\}/gs, /\[.*\]/gs, /(?<=arguments?: ).*/gs];
const LONGEST = 300;

/** A message without what it quotes. */
export function harmlessText(text: string): string {
  return QUOTED.reduce((rest, quoted) => rest.replaceAll(quoted, "…"), text).slice(0, LONGEST);
}

/** For the log: kind, code, status, where; the message without what it quotes. */
export function harmlessError(error: unknown): object {
  if (!(error instanceof Error)) return typeof error === "string" ? { message: harmlessText(error) } : {};
  const { name: type, stack = "", message } = error;
  const plain = Object.entries(error).filter(([name, value]) => isPlain(name, value));
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return { ...Object.fromEntries(plain), type, message: harmlessText(message), stack: frames.join("\n") };
}

function isPlain(name: string, value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean" || (name === "code" && typeof value === "string");
}
