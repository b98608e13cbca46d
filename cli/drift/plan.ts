import { z } from "zod";

type Values = Record<string, unknown>;

const state = z.object({
  id: z.string().default(""),
  type: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});

const step = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: state.optional(),
  newState: state.optional(),
  diffReasons: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.unknown()).nullish(),
});

const schema = z.object({
  steps: z.array(step).default([]),
  diagnostics: z
    .array(z.object({ urn: z.string().default(""), message: z.string(), severity: z.string() }))
    .default([]),
});

/** One object as `pulumi` found it. Secret values are `[secret]` on both sides. */
export interface PlannedStep {
  /** `same`, `refresh` (looked at, nothing changed), `update`, `delete`, `create`, `replace`… */
  op: string;
  urn: string;
  type: string;
  /** The resource's name in the program. */
  name: string;
  /** The id in the state; empty before the creation. */
  id: string;
  /** The paths that differ: `address`, `headers["X-Carrier"]`. */
  paths: string[];
  before: { inputs: Values; outputs: Values };
  after: { inputs: Values; outputs: Values };
}

/** What `pulumi refresh --preview-only --json` or `pulumi preview --json` has printed. */
export interface Plan {
  steps: PlannedStep[];
  /** Error messages with the object they are about (empty: none); without `error: ` before them. */
  errors: { urn: string; message: string }[];
}

const NOTHING = { inputs: {}, outputs: {} };
/** These follow from another error. */
const ECHO = /^(preview|update|refresh|resource.*|Preview|Update)? ?failed\s*$/;

/** Undefined when it is no plan at all: pulumi failed before it began. */
export function parsePlan(stdout: string): Plan | undefined {
  const parsed = schema.safeParse(jsonIn(stdout));
  if (!parsed.success) return undefined;
  return { steps: parsed.data.steps.map(toStep), errors: errorsIn(parsed.data.diagnostics) };
}

/** The last part of a URN. */
export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

/** The type that a URN names: behind the parents' types. */
export function typeOf(urn: string): string {
  return urn.split("::").at(-2)?.split("$").at(-1) ?? "";
}

function toStep({ op, urn, oldState, newState, diffReasons, detailedDiff }: z.output<typeof step>): PlannedStep {
  return {
    op,
    urn,
    type: typeOf(urn),
    name: nameOf(urn),
    id: oldState?.id ?? newState?.id ?? "",
    paths: detailedDiff ? Object.keys(detailedDiff) : (diffReasons ?? []),
    before: oldState ?? NOTHING,
    after: newState ?? NOTHING,
  };
}

function errorsIn(diagnostics: z.output<typeof schema>["diagnostics"]): Plan["errors"] {
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ urn, message }) => ({ urn, message: message.trim().replace(/^error: (Preview failed: )?/, "") }))
    .filter(({ message }) => !ECHO.test(message));
}

/** A program may print lines of its own before. */
function jsonIn(text: string): unknown {
  const start = text.search(/^\{/m);
  if (start < 0) return undefined;
  try {
    return JSON.parse(text.slice(start));
  } catch {
    return undefined;
  }
}
