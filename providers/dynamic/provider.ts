import type { dynamic } from "@pulumi/pulumi";
import { shown } from "../text/foreign.ts";
import { changedFields, checkFields } from "./check.ts";
import { withinTime } from "./deadline.ts";
import { MOST_CHARACTERS, messageOf, TrunklineError } from "./errors.ts";
import { optionsInput, optionsOf, sameOptions, timeFor } from "./options.ts";
import { isFromEngine, type Plain, withoutProvider, withoutUndefined } from "./plain.ts";
import { Replacements } from "./replacement.ts";
import type { Handler } from "./resource.ts";
import { containsUnknown } from "./unknown.ts";

export type Provider = Required<Omit<dynamic.ResourceProvider, "configure">>;

/** A handler as Pulumi calls it: own keys stripped, unknown values passed by, no `undefined`, no stacks. */
export function provider<I extends object, O extends I>(handler: Handler<I, O>): Provider {
  const replacements = new Replacements<O>();
  const identityOf = (inputs: Plain) => handler.identity?.(inputs as I);
  const carried = (inputs: Plain, state: object): Plain =>
    handler.carry === undefined ? inputs : ({ ...handler.carry(inputs as I, state as O) } as Plain);
  const shownAs = (inputs: Plain) => [identityOf(inputs), optionsOf(inputs).name].join("\n");

  async function check(before: Plain, declared: Plain): Promise<dynamic.CheckResult> {
    const [olds, news] = [withoutProvider(before ?? {}), withoutProvider(declared)];
    const { inputs: given, failures } = checkFields(handler.fields, news);
    const isSettled = failures.length === 0 && handler.settle !== undefined;
    const inputs = isSettled ? ({ ...handler.settle?.(given as I, olds, news) } as Plain) : given;
    const isComplete = failures.length === 0 && !containsUnknown(inputs);
    const problems = isComplete ? ((await handler.validate?.(inputs as I, olds)) ?? []) : [];
    if (failures.length + problems.length === 0) problems.push(...((await handler.foresee?.(inputs as I, olds)) ?? []));
    const isGood = isComplete && problems.length === 0;
    const completed = isGood ? await handler.complete?.(inputs as I, olds) : undefined;
    const identity = isGood && isFromEngine(declared) ? identityOf(inputs) : undefined;
    if (identity !== undefined && Object.keys(olds).length === 0) replacements.announce(identity);
    const isClean = failures.length + problems.length === 0;
    const filledIn = isClean ? await handler.show?.(inputs as I, olds) : undefined;
    const all = { ...(completed ?? filledIn ?? inputs), ...optionsInput(news) };
    const told = [...failures, ...problems].map(({ property, reason }) => ({
      property,
      reason: shown(reason, MOST_CHARACTERS),
    }));
    return withoutUndefined({ inputs: all, failures: told });
  }

  function diff(id: string, olds: Plain, declared: Plain): dynamic.DiffResult {
    const state = withoutProvider(olds);
    const news = carried(declared, state);
    const changed = changedFields(handler.fields, state, news);
    // An unknown value may turn out to be the old one: it must never announce a replacement.
    const replaces = handler.replaceOn.filter((name) => changed.includes(name) && !containsUnknown(news[name]));
    const identity = identityOf(news);
    // With unknown inputs the engine only asks what would become of it, were another resource replaced.
    if (identity !== undefined && isFromEngine(olds) && !containsUnknown(news)) {
      const seen = { identity, shownAs: shownAs(news), isSameObject: replaces.length === 0 };
      replacements.show(seen, { id, state: state as O });
    }
    const isSame = changed.length === 0 && sameOptions(state, news);
    // Without `changes` the engine works the fields out by itself, so that preview and drift reports name each of them;
    // with `changes: true` it prints the whole object, and of a changed secret nothing at all.
    return { ...(isSame ? { changes: false } : {}), replaces, deleteBeforeReplace: replaces.length > 0 };
  }

  async function create(inputs: Plain): Promise<{ id: string; outs: O }> {
    const identity = identityOf(inputs);
    const before = identity === undefined ? undefined : replacements.before(identity, shownAs(inputs));
    const news = before === undefined ? inputs : carried(inputs, before.state);
    const made = await withinTime(timeFor("create", inputs), () => handler.create(news as I, before));
    return identity === undefined ? made : replacements.made(made);
  }

  async function update(id: string, state: Plain, inputs: Plain): Promise<{ outs: O }> {
    const identity = identityOf(inputs);
    if (identity !== undefined) replacements.stays(identity);
    const work = () => handler.update(id, state as O, carried(inputs, state) as I);
    return { outs: await withinTime(timeFor("update", inputs), work) };
  }

  async function remove(id: string, props: Plain): Promise<void> {
    const state = withoutProvider(props);
    const identity = isFromEngine(props) ? identityOf(state) : undefined;
    if (identity !== undefined && replacements.keepsObject(identity, { id, state: state as O })) return;
    if (optionsOf(state).retainOnDelete) return;
    await withinTime(timeFor("delete", state), () => handler.delete(id, state as O));
  }

  async function read(id: string, props: Plain | undefined): Promise<dynamic.ReadResult> {
    const state = withoutProvider(props ?? {});
    const found = await handler.read(id, state as O);
    return found === undefined ? {} : { id, ...found, inputs: { ...found.inputs, ...optionsInput(state) } };
  }

  return {
    check: (olds: Plain, news: Plain) => guarded(() => check(olds, news)),
    diff: (id: string, olds: Plain, news: Plain) => guarded(async () => diff(id, olds, withoutProvider(news))),
    create: (inputs: Plain) => guarded(async () => withoutUndefined(await create(withoutProvider(inputs)))),
    read: (id: string, props: Plain | undefined) => guarded(async () => withoutUndefined(await read(id, props))),
    update: (id: string, olds: Plain, news: Plain) =>
      guarded(async () => withoutUndefined(await update(id, withoutProvider(olds), withoutProvider(news)))),
    delete: (id: string, props: Plain) => guarded(() => remove(id, props)),
  };
}

/** Pulumi prints the stack of whatever a provider throws: nobody shall need to read one. */
async function guarded<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof TrunklineError) throw cause;
    const error = new Error(shown(messageOf(cause), MOST_CHARACTERS));
    error.stack = process.env.TRUNKLINE_DEBUG === "1" && cause instanceof Error ? (cause.stack ?? "") : "";
    throw error;
  }
}
