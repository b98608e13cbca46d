import { whyNoSmallDisk } from "../../sandbox/faults/full-disk.ts";
import { runCallFault } from "./call-fault.ts";
import { FaultSystem } from "./call-system.ts";
import {
  type DeploymentResult,
  diskFull,
  type KilledResult,
  killedAt,
  twoAtOnce,
  undisturbed,
} from "./cases/deployments.ts";
import { HANGS } from "./cases/hangs.ts";
import { HOOKS } from "./cases/hooks.ts";
import { KILLS } from "./cases/kills.ts";
import { LIVEKIT_API } from "./cases/livekit-api.ts";
import { STORE_PATH } from "./cases/store-path.ts";
import { Deployment } from "./deployment.ts";
import { describeCalls, type FaultResult, failed } from "./results.ts";

const DEPLOYMENTS = "pulumi up";
const CALLS = [...KILLS, ...HANGS, ...STORE_PATH, ...LIVEKIT_API, ...HOOKS];
const KILLED = "killed at every API call in turn, then cancel and up";
const TWICE = "two at once";
const FULL = "the disk of the state full at the 10th API call";
/** The 10th of some 39 requests: the first objects are made, the others are not. */
const FULL_AT = 10;

/** All faults, by group and name, in the order in which they are carried out. */
export const ALL_FAULTS: readonly Pick<FaultResult, "group" | "name">[] = [
  ...CALLS.map(({ group, name }) => ({ group, name })),
  ...[KILLED, TWICE, FULL].map((name) => ({ group: DEPLOYMENTS, name })),
];

type IsWanted = (fault: Pick<FaultResult, "group" | "name">) => boolean;

/** Faults of calls, one after another on one system. */
export async function* callFaults(isWanted: IsWanted): AsyncGenerator<FaultResult> {
  const wanted = CALLS.filter(isWanted);
  if (wanted.length === 0) return;
  const system = new FaultSystem();
  try {
    await system.start();
    for (const fault of wanted) {
      const running = runCallFault(system, fault).then(describeCalls);
      yield await running.catch((error) => failed(fault.group, fault.name, error));
    }
  } finally {
    await system.stop();
  }
}

/** Faults of deployments. @param tell called with each step of the long one */
export async function* deploymentFaults(isWanted: IsWanted, tell: (line: string) => void): AsyncGenerator<FaultResult> {
  const all: Record<string, (deployment: Deployment) => Promise<FaultResult>> = {
    [KILLED]: (deployment) => killedEverywhere(deployment, tell),
    [TWICE]: async (deployment) => resultOf(TWICE, [await twoAtOnce(deployment)]),
    [FULL]: async (deployment) => {
      const why = whyNoSmallDisk();
      if (why !== undefined) return { group: DEPLOYMENTS, name: FULL, seen: [`skipped: ${why}`], violations: [] };
      return resultOf(FULL, [await diskFull(deployment, FULL_AT)]);
    },
  };
  const wanted = Object.entries(all).filter(([name]) => isWanted({ group: DEPLOYMENTS, name }));
  if (wanted.length === 0) return;
  const deployment = new Deployment();
  try {
    await deployment.start();
    for (const [name, run] of wanted) yield await run(deployment).catch((error) => failed(DEPLOYMENTS, name, error));
  } finally {
    await deployment.stop();
  }
}

/** Until an `up` has ended before its n-th request: how many there are differs by a few, reads that come together are shared. */
async function killedEverywhere(deployment: Deployment, tell: (line: string) => void): Promise<FaultResult> {
  const reference = await undisturbed(deployment);
  const results: DeploymentResult[] = [];
  for (let nth = 1; nth <= 2 * reference.requests; nth++) {
    const result = await killedAt(deployment, (_path, _method, count) => count === nth).catch(notCarriedThrough);
    if (!result.isKilled) break;
    for (const line of [result.seen, ...result.violations]) tell(`${nth} of some ${reference.requests}: ${line}`);
    results.push(result);
  }
  const same = results.filter(({ shape }) => JSON.stringify(shape) === JSON.stringify(reference.shape));
  const different = same.length === results.length ? [] : [`${results.length - same.length} end states differ`];
  const found = resultOf(KILLED, results);
  return { ...found, seen: [summary(results, same.length)], violations: [...found.violations, ...different] };
}

function summary(results: readonly DeploymentResult[], same: number): string {
  const count = (what: string) => results.filter(({ seen }) => seen.includes(what)).length;
  const byHand = `taken over with \`adopt\`, as the refusal says: ${count("adopt:")}; state file put back from its \`.bak\`: ${count(".bak")}`;
  return `${same} of ${results.length} times the same end state; an object in Jambonz ${byHand}`;
}

function notCarriedThrough(error: unknown): KilledResult {
  return { seen: "", isKilled: true, violations: failed(DEPLOYMENTS, KILLED, error).violations, shape: [] };
}

function resultOf(name: string, results: readonly DeploymentResult[]): FaultResult {
  const violations = results.flatMap((result) => result.violations);
  return { group: DEPLOYMENTS, name, seen: results.map(({ seen }) => seen), violations };
}
