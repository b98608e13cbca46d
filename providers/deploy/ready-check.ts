import { timeLeftMs } from "../dynamic/deadline.ts";
import { TrunklineError } from "../dynamic/errors.ts";
import type { Handler } from "../dynamic/resource.ts";
import { type Look, logsCommand, waitUntil } from "./wait.ts";

const PAUSE_MS = 1_000;

/** What every ready check is told. */
interface Deployed {
  app: string;
  limitSeconds: number;
}

/** What is particular to one kind of ready check. */
interface ReadyCheck<I extends Deployed> {
  fields: Handler<I, I>["fields"];
  validate?: (inputs: I) => void;
  /** So many looks in a row have to be good. */
  inARow: number;
  /** What has to be there, for the error. */
  wanted(inputs: I): string;
  look(inputs: I): Promise<Look>;
  /** What runs now, as inputs: drift is seen by comparing. */
  live(inputs: I): Promise<Partial<I>>;
}

/** A resource without an object of its own: it exists when what was deployed is ready. Errors: NOT_READY. */
export function readyCheck<I extends Deployed>(check: ReadyCheck<I>): Handler<I, I> {
  return {
    fields: check.fields,
    replaceOn: [],
    ...(check.validate === undefined ? {} : { validate: check.validate }),
    async create(inputs) {
      await requireReady(check, inputs);
      return { id: inputs.app, outs: inputs };
    },
    async update(_id, _state, inputs) {
      await requireReady(check, inputs);
      return inputs;
    },
    async read(_id, state) {
      const inputs: I = { ...state, ...(await check.live(state)) };
      return { props: inputs, inputs };
    },
    async delete() {
      // There is nothing to delete.
    },
  };
}

async function requireReady<I extends Deployed>(check: ReadyCheck<I>, inputs: I): Promise<void> {
  const { app } = inputs;
  const limitMs = timeLeftMs() ?? inputs.limitSeconds * 1_000;
  const patience = { limitMs, pauseMs: PAUSE_MS, inARow: check.inARow };
  const found = await waitUntil(() => check.look(inputs), patience);
  if (found === undefined) return;
  throw new TrunklineError(
    "NOT_READY",
    `${app} was not ready within ${Math.ceil(limitMs / 1_000)} s: wanted ${check.wanted(inputs)}, but ${found}. What depends on it was left as it was: callers go the old way. Look at its output: ${logsCommand(app)}`,
  );
}
