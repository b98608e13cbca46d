import { z } from "zod";
import type { Plain } from "./plain.ts";

/**
 * Who declared an object. The identity is `stackId` with `name`, the resource's name in its stack; organization, project and
 * stack are for people, and change with a rename.
 */
export interface Mark {
  /** Made once per stack by its guard. Missing in what versions before it wrote: see `stackIdOf`. */
  stackId?: string | undefined;
  /** Missing where the backend has only one. */
  organization?: string | undefined;
  project: string;
  stack: string;
  name: string;
}

/** No white space, `@` or bracket: it stands in rule names and behind an id to adopt. */
const STACK_ID = /^[\w./-]{1,255}$/;

export const markSchema: z.ZodType<Mark> = z.object({
  stackId: z.string().regex(STACK_ID, "is not a valid stack id").optional(),
  organization: z.string().optional(),
  project: z.string(),
  stack: z.string(),
  name: z.string(),
});

/** No mark: what an object made by hand carries. */
export const NO_MARK: Mark = { project: "", stack: "", name: "" };

/** The key of a trunk's JSON metadata that is ours; the others are the user's. */
const METADATA_KEY = "trunkline";

/**
 * In a dispatch rule's name, since its metadata would become every caller's: `name [trunkline:project/stack/name #stackId organization]`.
 * The identity is what stands last: a resource's own name may hold ` #`.
 */
const RULE_MARK =
  /^\[trunkline:(?<project>[^/\]]+)\/(?<stack>[^/\]]+)\/(?<name>[^\]]+) #(?<stackId>[\w./-]{1,255})(?: (?<organization>[^\s\]]+))?\]$/;

/** Earlier versions wrote `name [trunkline:project/stack/name]`. */
const EARLIER_RULE_MARK = /^\[trunkline:(?<project>[^/\]]+)\/(?<stack>[^/\]]+)\/(?<name>[^\]]+)\]$/;

/** The identity of the stack. A mark of an earlier version has only names: they are its identity, also after a rename. */
export function stackIdOf({ stackId, project, stack }: Mark): string {
  return stackId ?? `${project}/${stack}`;
}

/** The same resource of the same stack, whatever they are called now. */
export function sameMark(a: Mark, b: Mark): boolean {
  return sameStack(a, b) && a.name === b.name;
}

export function sameStack(a: Mark, b: Mark): boolean {
  return stackIdOf(a) === stackIdOf(b);
}

/** The same for people, too: to write one in the place of the other would change nothing that anyone sees. */
export function saysTheSame(a: unknown, b: unknown): boolean {
  const [one, two] = [markSchema.safeParse(a).data, markSchema.safeParse(b).data];
  if (one === undefined || two === undefined || !sameMark(one, two)) return false;
  const { organization = two.organization } = one;
  const sameOrganization = organization === (two.organization ?? organization);
  return sameOrganization && one.project === two.project && one.stack === two.stack;
}

/** `project/stack/name`, for messages. */
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
  const { tail } = atMark(ruleName);
  const { groups = {} } = RULE_MARK.exec(tail) ?? EARLIER_RULE_MARK.exec(tail) ?? {};
  return markSchema.safeParse(Object.fromEntries(Object.entries(groups).filter(([, text]) => text !== undefined))).data;
}

/** A rule's name without the mark, as people gave it. */
export function readRuleName(ruleName: string): string {
  const { head, tail } = atMark(ruleName);
  return (EARLIER_RULE_MARK.test(tail) ? head : ruleName).trimEnd();
}

/** The last place where a mark may begin is the only one that is looked at: a name of 100 KB may have nine thousand of them. */
function atMark(ruleName: string): { head: string; tail: string } {
  const at = Math.max(0, ruleName.lastIndexOf("[trunkline:"));
  return { head: ruleName.slice(0, at), tail: ruleName.slice(at) };
}

/** The name that LiveKit is to store for a rule. */
export function writeRuleName(mark: Mark, name: string): string {
  const { stackId, organization } = mark;
  const identity = stackId === undefined ? [] : [`#${stackId}`, ...(organization === undefined ? [] : [organization])];
  return `${name} [trunkline:${[markText(mark), ...identity].join(" ")}]`;
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
