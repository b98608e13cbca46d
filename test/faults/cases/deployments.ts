import { SmallDisk } from "../../../sandbox/faults/full-disk.ts";
import { shapeOf, unmatched } from "../deployed-objects.ts";
import type { Deployment } from "../deployment.ts";

/** What came of a `pulumi up` that went wrong, and of the one after it. */
export interface DeploymentResult {
  /** One line of what was seen. */
  seen: string;
  violations: string[];
  /** The end state without its ids: the same after every fault. */
  shape: string[];
}

/** An `up` to which nothing happens; `requests` = how many requests the APIs got. */
export async function undisturbed(deployment: Deployment): Promise<DeploymentResult & { requests: number }> {
  await deployment.reset();
  const { code } = await deployment.up();
  const { requests } = deployment;
  return { ...(await endState(deployment, `${requests} requests, exit code ${code}`)), requests };
}

export interface KilledResult extends DeploymentResult {
  /** False when the `up` ended without such a request. */
  isKilled: boolean;
}

/** A request to either API: the path, the method, and how many came before it. */
type IsMoment = (path: string, method: string, nth: number) => boolean;

/**
 * kill -9 of the engine and its providers while the first such request is on its way: the API gets it and does it, nobody
 * learns of it. Then `pulumi cancel` and `pulumi up`.
 */
export async function killedAt(deployment: Deployment, isMoment: IsMoment): Promise<KilledResult> {
  await deployment.reset();
  const engine = await deployment.startUp();
  let at = "";
  deployment.fate = (path, nth, method) => {
    if (at !== "" || !isMoment(path, method, nth)) return {};
    at = `${method} ${path}`;
    return { until: engine.kill(), lost: "answer" };
  };
  await engine.ended;
  deployment.fate = () => ({});
  const byHand = await deployment.upAfterKill();
  const found = await endState(deployment, [at, ...byHand].join("; "));
  return { ...found, isKilled: at !== "" };
}

/** A second `up` while the first has its first request on the way. */
export async function twoAtOnce(deployment: Deployment): Promise<DeploymentResult & { refusal: string }> {
  await deployment.reset();
  const reached = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  deployment.fate = () => {
    reached.resolve();
    return { until: go.promise };
  };
  const first = deployment.up();
  await Promise.race([reached.promise, first]);
  const second = await deployment.up();
  go.resolve();
  const { code } = await first;
  const refusal = `${second.stdout}\n${second.stderr}`.match(/error: .*lock.*/)?.[0] ?? "";
  const found = await endState(deployment, `first: exit code ${code}; second: ${second.code}, "${refusal}"`);
  const refused = second.code !== 0 && refusal !== "" ? [] : ["the second up was not refused because of the first"];
  const worked = code === 0 ? [] : [`the first up ended with ${code}`];
  return { ...found, refusal, violations: [...found.violations, ...refused, ...worked] };
}

/**
 * The disk of the state is full from the n-th request on; then it has room again, the last state that was saved is put back, and
 * `pulumi up` runs once more. @throws where mounting is not allowed.
 */
export async function diskFull(deployment: Deployment, nth: number): Promise<DeploymentResult & { complaint: string }> {
  await deployment.reset();
  const disk = SmallDisk.under(deployment.stateFolder);
  let complaint = "";
  try {
    deployment.fate = (_request, count) => {
      if (count === nth) disk.fill();
      return {};
    };
    const { code, stdout, stderr } = await deployment.up();
    if (code !== 0) complaint = /no space left on device/.exec(stdout + stderr)?.[0] ?? "";
  } finally {
    disk.remove();
  }
  deployment.fate = () => ({});
  const byHand = await deployment.upAfterKill();
  const found = await endState(deployment, [`up: "${complaint}"`, ...byHand].join("; "));
  const silent = complaint === "" ? ["the full disk was not told"] : [];
  return { ...found, complaint, violations: [...found.violations, ...silent] };
}

async function endState(deployment: Deployment, seen: string): Promise<DeploymentResult> {
  const live = await deployment.live();
  return { seen, violations: unmatched(live, await deployment.declared()), shape: shapeOf(live) };
}
