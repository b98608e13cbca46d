import { terminal } from "../providers/text/foreign.ts";

/** How an error is shown: code, what happened, what to do. The stack only for errors that are our own mistake. */
export function failure(error: unknown): string {
  if (isHinted(error)) return `${error.code}: ${indented(error.message)}\n  ${terminal(error.hint)}`;
  if (isTyped(error)) return indented(failureLine(error));
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The code and the message on one line, for JSON. */
export function failureLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // Errors of the providers have their code in the message already.
  return isTyped(error) && !message.startsWith(`${error.code}: `) ? `${error.code}: ${message}` : message;
}

/** The same for machines. */
export function failureObject(error: unknown): { code: string; message: string; hint?: string } {
  const message = error instanceof Error ? error.message : String(error);
  const code = isTyped(error) ? error.code : "INTERNAL";
  return { code, message: message.replace(`${code}: `, ""), ...(isHinted(error) && { hint: error.hint }) };
}

/** A message has foreign names in it: none of them can begin a line, or move the cursor. */
function indented(text: string): string {
  return terminal(text).replaceAll(/\n(?! )/g, "\n  ");
}

type Typed = Error & { code: string };

/** The project's own errors, told by what they carry. Node's have codes, too, and keep their stack. */
function isTyped(error: unknown): error is Typed {
  return isHinted(error) || (error instanceof Error && error.name === "TrunklineError" && "code" in error);
}

function isHinted(error: unknown): error is Typed & { hint: string } {
  return error instanceof Error && "hint" in error && "code" in error;
}
