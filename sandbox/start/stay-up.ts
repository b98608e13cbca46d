import { createInterface } from "node:readline";

export interface StayUpActions {
  /** Enter was pressed. */
  call: () => Promise<void>;
  /** A deployment by hand has ended. */
  deployed: () => Promise<void>;
}

const LOOK_EVERY_MS = 500;

/**
 * Until `asked`: Enter places a call, and after a `pulumi up` by hand the services are started with their new configuration.
 * One after the other; what fails is told with `onError`, and the next one is tried.
 *
 * @param deployment changes with every deployment that has ended; undefined while one runs
 */
export async function stayUp(
  asked: Promise<void>,
  deployment: () => string | undefined,
  actions: StayUpActions,
  onError: (error: unknown) => void,
): Promise<void> {
  let last = deployment();
  let queue = Promise.resolve();
  const run = (action: () => Promise<void>) => {
    queue = queue.then(action).catch(onError);
  };
  const look = setInterval(() => {
    const now = deployment();
    if (now === undefined || now === last) return;
    last = now;
    run(actions.deployed);
  }, LOOK_EVERY_MS);
  const lines = createInterface({ input: process.stdin });
  lines.on("line", () => run(actions.call));
  await asked;
  clearInterval(look);
  lines.close();
}
