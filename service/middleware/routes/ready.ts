import type { FastifyInstance } from "fastify";
import { reasonOf } from "../errors.ts";
import type { CallStore } from "../store/call-store.ts";

/** Platforms ask every few seconds, from several places: what was seen so recently is still true. */
const KEPT_MS = 1_000;
const PATIENCE_MS = 3_000;

export interface Readiness {
  readonly store: Pick<CallStore, "check">;
  readonly rooms: { hasTrunk(): Promise<boolean> };
  readonly build: string;
  readonly trunkId: string;
  readonly isStopping: () => boolean;
}

interface Checks {
  readonly store: string;
  readonly livekit: string;
  readonly trunk: string;
}

/**
 * `GET /readyz`: `{"status","build","trunkId","checks":{"store","livekit","trunk"}}`; 200 when calls can be taken, else 503, and each
 * check says `ok` or what is wrong: `store` after writing what a new call needs, and reading it back. `build` is the content hash of what runs.
 */
export function readyRoute(app: FastifyInstance, { isStopping, build, trunkId, ...parts }: Readiness): void {
  const checks = kept(() => look(parts));
  app.get("/readyz", async (_request, reply) => {
    const found = await checks();
    const isReady = !isStopping() && Object.values(found).every((result) => result === "ok");
    const status = isStopping() ? "stopping" : isReady ? "ready" : "not ready";
    return reply.code(isReady ? 200 : 503).send({ status, build, trunkId, checks: found });
  });
}

async function look({ store, rooms }: Pick<Readiness, "store" | "rooms">): Promise<Checks> {
  const [storeResult, trunk] = await Promise.all([
    patiently(store.check()).then(() => "ok", reasonOf),
    patiently(rooms.hasTrunk()).then(
      (found) => ({ found }),
      (error) => ({ reason: reasonOf(error) }),
    ),
  ]);
  if ("reason" in trunk) return { store: storeResult, livekit: trunk.reason, trunk: "unknown" };
  return { store: storeResult, livekit: "ok", trunk: trunk.found ? "ok" : "LiveKit has no such outbound trunk" };
}

/** The same promise for everybody who asks within `KEPT_MS`. */
function kept<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let last: { at: number; result: Promise<Result> } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at > KEPT_MS) last = { at: now, result: work() };
    return last.result;
  };
}

async function patiently<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
