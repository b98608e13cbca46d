/**
 * Errors quote what they could not read, and that may be what a caller or a model has said: `Unexpected token 'w', "what are y"… is not valid
 * JSON`, `expected object from function arguments: …` (`@livekit/agents` 1.9.0, llm/utils.ts).
 */
const QUOTED = [/"[^"]*"/g, /'[^']*'/g, /`[^`]*`/g, /(?<=arguments?: ).*/gs];
const BRACKETS = ["“”", "{}", "[]"] as const;
const LONGEST = 300;

/** A message without what it quotes. */
export function harmlessText(text: string): string {
  const unquoted = QUOTED.reduce((rest, quoted) => rest.replaceAll(quoted, "…"), text);
  return BRACKETS.reduce(withoutInner, unquoted).slice(0, LONGEST);
}

/** From the first that opens to the last that closes, both found in one pass each: a message may be long. */
function withoutInner(text: string, [open = "", close = ""]: string): string {
  const [from, to] = [text.indexOf(open), text.lastIndexOf(close)];
  return from === -1 || to < from ? text : `${text.slice(0, from)}…${text.slice(to + 1)}`;
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
