import { own } from "@trunkline/contract";
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
  const changes = names.flatMap((name) => {
    const [before, after] = [own(live as Plain, name), own(wanted as Plain, name)];
    if (after === undefined || samePlain(before, after)) return [];
    const shown = (value: unknown) => (secrets.includes(name) ? "[secret]" : text(value));
    return [[name, `${shown(before)} → ${shown(after)}`] as const];
  });
  return Object.fromEntries(changes);
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
