import { z } from "zod";
import type { Plain } from "./plain.ts";

/** Who declared an object: the Pulumi project, the stack, and the resource's name in it. */
export interface Mark {
  project: string;
  stack: string;
  name: string;
}

export const markSchema: z.ZodType<Mark> = z.object({ project: z.string(), stack: z.string(), name: z.string() });

/** No mark: what an object made by hand carries. */
export const NO_MARK: Mark = { project: "", stack: "", name: "" };

/** The key of a trunk's JSON metadata that is ours; the others are the user's. */
const METADATA_KEY = "trunkline";

/** In a dispatch rule's name, since its metadata would become every caller's: `name [trunkline:project/stack/name]`. */
const RULE_NAME = /\[trunkline:(?<project>[^/\]]+)\/(?<stack>[^/\]]+)\/(?<name>[^\]]+)\]$/;

export function sameMark(a: Mark, b: Mark): boolean {
  return a.project === b.project && a.stack === b.stack && a.name === b.name;
}

/** `project/stack/name`, for messages and ids. */
export function markText(mark: Mark): string {
  return `${mark.project}/${mark.stack}/${mark.name}`;
}

/** The user's metadata with our mark beside it, as the text that LiveKit stores. */
export function writeMetadata(mark: Mark, metadata: Plain): string {
  return JSON.stringify({ ...metadata, [METADATA_KEY]: mark });
}

/** Mark and user's metadata of a stored text. A text that is no JSON object (made by hand) has no mark and becomes `{ text }`. */
export function readMetadata(text: string): { mark: Mark | undefined; metadata: Plain } {
  const { [METADATA_KEY]: found, ...metadata } = parseObject(text);
  const mark = markSchema.safeParse(found);
  return { mark: mark.success ? mark.data : undefined, metadata };
}

/** The mark in a dispatch rule's name. */
export function readRuleMark(ruleName: string): Mark | undefined {
  const mark = markSchema.safeParse(RULE_NAME.exec(ruleName)?.groups);
  return mark.success ? mark.data : undefined;
}

/** A rule's name without the mark, as people gave it. */
export function readRuleName(ruleName: string): string {
  return ruleName.replace(RULE_NAME, "").trimEnd();
}

/** The name that LiveKit is to store for a rule. */
export function writeRuleName(mark: Mark, name: string): string {
  return `${name} [trunkline:${markText(mark)}]`;
}

function parseObject(text: string): Plain {
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Plain;
  } catch {
    // Not JSON: somebody's note.
  }
  return { text };
}
