import { durationMs } from "./deadline.ts";
import { type Plain, samePlain } from "./plain.ts";

/** What a provider has to know of a resource's options; the input `options`, missing where nothing is said. */
export interface DeclaredOptions {
  /** The resource's name, where its inputs do not say it. */
  name?: string;
  customTimeouts?: { create?: string; update?: string; delete?: string } | undefined;
  /** The object stays on destroy, as it is. Kept by the provider: what the engine retains, it forgets in a replacement. */
  retainOnDelete?: true | undefined;
}

const KEY = "options";

export function optionsOf(properties: Plain): DeclaredOptions {
  return (properties[KEY] ?? {}) as DeclaredOptions;
}

/** The input as it is; nothing where there is none. */
export function optionsInput(properties: Plain): Plain {
  return properties[KEY] === undefined ? {} : { [KEY]: properties[KEY] };
}

/** Whether the state of a resource has to be written because of them. The name alone says nothing new. */
export function sameOptions(state: Plain, news: Plain): boolean {
  const [{ name: _, ...before }, { name: __, ...now }] = [optionsOf(state), optionsOf(news)];
  return samePlain(before, now);
}

/** How long a step may take. */
export function timeFor(step: "create" | "update" | "delete", properties: Plain): number | undefined {
  return durationMs(optionsOf(properties).customTimeouts?.[step]);
}
