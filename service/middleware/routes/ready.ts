import type { FastifyInstance } from "fastify";
import { reasonOf } from "../errors.ts";
import type { CallStore } from "../store/call-store.ts";

/** Platforms ask every few seconds, from several places: what was seen so recently is still true. */
const KEPT_MS = 1_000;
/** The trunk and the key of a LiveKit that answers change by deployments only; each question counts in its quota. */
const TRUNK_KEPT_MS = 10_000;
const PATIENCE_MS = 3_000;

export interface Readiness {
  readonly store: Pick<CallStore, "check">;
  readonly rooms: { hasTrunk(): Promise<boolean> };
  /** How many workers of the agent say that they live; undefined where none ever has. */
  readonly fleet: () => { readonly workers: number } | undefined;
  readonly build: string;
  readonly trunkId: string;
  /** Texts that callers hear otherwise than they are declared. */
  readonly unsaid: () => readonly string[];
  readonly isStopping: () => boolean;
}

interface Checks {
  readonly store: string;
  readonly livekit: string;
  readonly trunk: string;
}

/**
 * `GET /readyz`: `{"status","build","trunkId","checks":{"store","livekit","trunk","agents","speech"}}`; 200 when calls can be taken, else 503, and each
 * check says `ok` or what is wrong: `store` after writing what a new call needs, and reading it back. `build` is the content hash of what runs.
 * `degraded` (200): calls are taken, but no agent is there, so that callers get the fallback; or they hear another text than is declared.
 */
export function readyRoute(
  app: FastifyInstance,
  { isStopping, build, trunkId, fleet, unsaid, ...parts }: Readiness,
): void {
  const trunk = kept(() => lookForTrunk(parts.rooms), TRUNK_KEPT_MS);
  const checks = kept(() => look(parts.store, trunk), KEPT_MS);
  app.get("/readyz", async (_request, reply) => {
    const needed = await checks();
    const agents = agentsOf(fleet());
    const speech = unsaid().join("; ") || "ok";
    const found = { ...needed, agents, speech };
    const isReady = !isStopping() && Object.values(needed).every((result) => result === "ok");
    const able = agents === NO_AGENT || speech !== "ok" ? "degraded" : "ready";
    const status = isStopping() ? "stopping" : isReady ? able : "not ready";
    return reply.code(isReady ? 200 : 503).send({ status, build, trunkId, checks: found });
  });
}

const NO_AGENT = "no worker of the agent tells that it lives";

/** Another LiveKit agent tells nothing of itself. */
function agentsOf(fleet: { readonly workers: number } | undefined): string {
  if (fleet === undefined) return "unknown";
  return fleet.workers > 0 ? "ok" : NO_AGENT;
}

type TrunkSeen = { found: boolean } | { reason: string };

async function look(store: Readiness["store"], trunk: () => Promise<TrunkSeen>): Promise<Checks> {
  const [storeResult, seen] = await Promise.all([patiently(store.check()).then(() => "ok", reasonOf), trunk()]);
  if ("reason" in seen) return { store: storeResult, livekit: seen.reason, trunk: "unknown" };
  return { store: storeResult, livekit: "ok", trunk: seen.found ? "ok" : "LiveKit has no such outbound trunk" };
}

async function lookForTrunk(rooms: Readiness["rooms"]): Promise<TrunkSeen> {
  return patiently(rooms.hasTrunk()).then(
    (found) => ({ found }),
    (error) => ({ reason: reasonOf(error) }),
  );
}

/** The same promise for everybody who asks within `keptMs`; what is not good is looked at again after `KEPT_MS`. */
function kept<Result>(work: () => Promise<Result>, keptMs: number): () => Promise<Result> {
  let last: { until: number; result: Promise<Result> } | undefined;
  return () => {
    const now = performance.now();
    if (last !== undefined && now < last.until) return last.result;
    const mine = { until: now + keptMs, result: work() };
    last = mine;
    void mine.result.then((result) => {
      if (!isGood(result)) mine.until = Math.min(mine.until, performance.now() + KEPT_MS);
    });
    return mine.result;
  };
}

function isGood(result: unknown): boolean {
  return (result as { found?: boolean }).found !== false && !("reason" in (result as object));
}

async function patiently<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
