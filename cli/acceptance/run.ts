import { shown } from "../../providers/text/foreign.ts";
import type { Difference } from "../drift/difference.ts";
import type { Verification } from "../verify/report.ts";
import { isGood } from "../verify/run.ts";
import type { Found, Thing } from "./belongings.ts";
import { describeThing } from "./systems.ts";

/** Where the stack is brought up and taken down: real accounts, or servers of one machine. */
export interface Place {
  /** All objects of the accounts. */
  find(): Promise<Found>;
  sweep(own: readonly Thing[]): Promise<void>;
  /** `pulumi up`, and whatever it takes until calls are answered. */
  up(): Promise<void>;
  /** The test calls; a text says why they are left out. */
  verify(): Promise<Verification | string>;
  drift(): Promise<Difference[]>;
  destroy(): Promise<void>;
}

interface AcceptanceStep {
  name: "sweep" | "up" | "verify" | "drift" | "destroy" | "nothing left";
  verdict: "ok" | "failed" | "skipped";
  saw: string;
  ms: number;
}

export interface Acceptance {
  steps: AcceptanceStep[];
  verification: Verification | undefined;
}

/** Of one step: all differences of a stack. */
const MOST_SEEN = 10_000;

type Outcome = Pick<AcceptanceStep, "verdict" | "saw">;

/** From nothing to nothing. A step that fails ends it, but destroy and the sweep always come. */
export async function accept(place: Place, tell: (line: string) => void): Promise<Acceptance> {
  const acceptance: Acceptance = { steps: [], verification: undefined };
  const step = async (name: AcceptanceStep["name"], work: () => Promise<Outcome>) => {
    const started = performance.now();
    const outcome = await work().catch((error: unknown): Outcome => failed(reasonOf(error)));
    acceptance.steps.push({ name, ...outcome, ms: Math.round(performance.now() - started) });
    tell(`${MARK[outcome.verdict]} ${name}: ${shown(outcome.saw, MOST_SEEN)}`);
    return outcome.verdict !== "failed";
  };
  let others: Thing[] = [];
  const isSwept = await step("sweep", async () => {
    const found = await place.find();
    others = found.others;
    await place.sweep(found.own);
    return ok(found.own.length === 0 ? "nothing was left from before" : `removed ${listed(found.own)}`);
  });
  // What belongs to nobody here is not known then, so nothing is made either.
  if (!isSwept) return acceptance;
  const isUp = await step("up", async () => place.up().then(() => ok("declared and running")));
  if (isUp) {
    await step("verify", () => verified(place, acceptance));
    await step("drift", () => drifted(place));
  }
  await step("destroy", async () => place.destroy().then(() => ok("destroyed")));
  await step("nothing left", () => nothingLeft(place, others));
  return acceptance;
}

export function isAccepted({ steps }: Acceptance): boolean {
  return steps.length > 1 && steps.every(({ verdict }) => verdict !== "failed");
}

const MARK = { ok: "✓", failed: "✗", skipped: "–" } as const;

async function verified(place: Place, acceptance: Acceptance): Promise<Outcome> {
  const verification = await place.verify();
  if (typeof verification === "string") return { verdict: "skipped", saw: verification };
  acceptance.verification = verification;
  const { results } = verification;
  const bad = results.filter(({ verdict }) => verdict === "failed").map(({ title, saw }) => `${title}: ${saw}`);
  if (!isGood(results)) return failed(bad.join("; ") || "nothing was answered");
  return ok(`${results.filter(({ verdict }) => verdict === "ok").length} of ${results.length} promises seen kept`);
}

async function drifted(place: Place): Promise<Outcome> {
  const differences = await place.drift();
  const what = differences.map(({ kind, object, field }) => [kind, object, field].filter(Boolean).join(" "));
  return differences.length === 0 ? ok("what is live is what is declared") : failed(what.join("; "));
}

/** Nothing of the stack is live any more, and everything of others that was there before still is. */
async function nothingLeft(place: Place, before: Thing[]): Promise<Outcome> {
  const { own, others } = await place.find();
  const missing = before.filter(({ system, id }) => !others.some((one) => one.system === system && one.id === id));
  if (own.length > 0) {
    await place.sweep(own);
    return failed(`destroy left ${listed(own)}; removed now`);
  }
  if (missing.length > 0) return failed(`no longer there, though not the stack's: ${listed(missing)}`);
  return ok(`nothing of the stack; ${others.length} objects of others are untouched`);
}

function listed(things: readonly Thing[]): string {
  return things.map(describeThing).join(", ");
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function ok(saw: string): Outcome {
  return { verdict: "ok", saw };
}

function failed(saw: string): Outcome {
  return { verdict: "failed", saw };
}
