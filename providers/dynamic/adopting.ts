import { type Plain, samePlain } from "./plain.ts";
import { containsUnknown } from "./unknown.ts";

/**
 * What an adoption changes, by input: `"old" → "new"`, for the preview. Only what the program says is changed.
 * @param secrets inputs whose values are not shown
 */
export function adoptionChanges(
  live: object,
  wanted: object,
  names: readonly string[],
  secrets: readonly string[],
): Record<string, string> {
  const changes: Record<string, string> = {};
  for (const name of names) {
    const [before, after] = [(live as Plain)[name], (wanted as Plain)[name]];
    if (after === undefined || samePlain(before, after)) continue;
    const shown = (value: unknown) => (secrets.includes(name) ? "[secret]" : text(value));
    changes[name] = `${shown(before)} → ${shown(after)}`;
  }
  return changes;
}

function text(value: unknown): string {
  return containsUnknown(value) ? "(known after apply)" : (JSON.stringify(value) ?? "nothing");
}

/**
 * The id to adopt, once said, stays said: were it forgotten with its line in the program, the defaults of a new object would be written into
 * the adopted one.
 */
export function stickyAdopt<I extends { adopt: string }>(inputs: I, olds: Plain): I {
  return inputs.adopt === "" && typeof olds.adopt === "string" ? { ...inputs, adopt: olds.adopt } : inputs;
}
