/**
 * The keys of one stack, after their prefix:
 * `call:<id>` a live call: hash of the record and the token of its last write · `sid:<sid>` the call id · `active` live call ids by start ·
 * `ended` packed records by call id · `ended:start` their ids by start · `ended:order` `<end>:<id>`, in the order of their ends ·
 * `changed` call ids by revision · `revision` counter, published on the channel of the same name · `holders` instances that live, by the time they last said so · `agents` what each worker of the agent said last ·
 * `events` packed records of ended calls that are to be told, by call id · `events:due` their ids by the next attempt · `events:tries` attempts by id · `events:dropped` counter ·
 * `bad:<key>` what was set aside because it could not be read.
 */
export interface StackKeys {
  readonly own: string;
  /** Where middlewares up to version 0.1 kept calls, live and ended ones alike (`calls`): by the stack's name, not its identity. */
  readonly earlier: string;
}

/** The indices, and what each has to be: nothing can be added to one of another type. */
export function indexTypes({ own, earlier }: StackKeys): Map<string, string> {
  return new Map([
    [`${own}active`, "zset"],
    [`${own}changed`, "zset"],
    [`${own}revision`, "string"],
    [`${own}ended`, "hash"],
    [`${own}ended:start`, "zset"],
    [`${own}ended:order`, "list"],
    [`${own}holders`, "zset"],
    [`${own}agents`, "hash"],
    [`${own}events`, "hash"],
    [`${own}events:due`, "zset"],
    [`${own}events:tries`, "hash"],
    [`${own}events:dropped`, "string"],
    [`${earlier}active`, "zset"],
    [`${earlier}calls`, "zset"],
  ]);
}

/** @param stackId its identity · @param stack its name */
export function stackKeys(stackId: string, stack: string): StackKeys {
  return { own: `{trunkline:2:${stackId}}:`, earlier: `{trunkline:${stack}}:` };
}
