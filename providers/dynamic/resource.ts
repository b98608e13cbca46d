import type { dynamic } from "@pulumi/pulumi";
import type { z } from "zod";
import { type Fields, inWordsOf } from "./check.ts";
import type { Plain } from "./plain.ts";
import type { Before } from "./replacement.ts";

type MaySay<F extends Fields> = { [K in keyof F]: undefined extends z.output<F[K]> ? K : never }[keyof F];

/** The inputs in their one form: all of them present, but for those that are left as they are where none is said. */
export type InputsOf<F extends Fields> = { -readonly [K in Exclude<keyof F, MaySay<F>>]: z.output<F[K]> } & {
  -readonly [K in MaySay<F>]?: z.output<F[K]> | undefined;
};

/**
 * How one kind of resource is declared. The dispatcher calls these with checked inputs and with outputs of an earlier call;
 * none of them sees Pulumi's own keys. Each method looks at the real object first.
 */
export interface Handler<I extends object, O extends I> {
  readonly fields: { readonly [K in keyof I]: z.ZodType<I[K]> };
  /** Inputs whose change means another object. Everything else is updated in place, so that ids stay. */
  readonly replaceOn: readonly (keyof I & string)[];
  /**
   * Completes the inputs by what the last ones were (`olds`, empty at first), before anything else looks at them; some may be unknown.
   * `news`: as the program gives them, without defaults.
   */
  settle?(inputs: I, olds: Plain, news: Plain): I;
  /** What only the state knows, since a replacement is checked without old inputs. */
  carry?(inputs: I, state: O): I;
  /** Which live object complete inputs mean, on which host. A replacement by inputs that mean the same one keeps it. */
  identity?(inputs: I): string;
  validate?: Validate<I>;
  /** What stands in the way in the live system. Requests may only read. Also asked while some inputs are unknown. */
  foresee?(inputs: I, olds: Plain): Promise<dynamic.CheckFailure[]>;
  /** Adds what an adoption changes. Requests may only read. Also asked while some inputs are unknown. */
  show?(inputs: I, olds: Plain): Promise<I>;
  /** Adds to checked inputs what a preview shall show of the live system. Requests may only read. */
  complete?(inputs: I, olds: Plain): Promise<I>;
  /** Idempotent: called again after a crash it finds what it made the first time. `before`: what it takes the place of. */
  create(inputs: I, before?: Before<O>): Promise<{ id: string; outs: O }>;
  /** What is there, as outputs and as the inputs that would declare it; undefined when it is gone. */
  read(id: string, state: O): Promise<{ props: O; inputs: I } | undefined>;
  update(id: string, state: O, inputs: I): Promise<O>;
  /** Gone already counts as done. */
  delete(id: string, state: O): Promise<void>;
}

type Problems = dynamic.CheckFailure[] | undefined;

/**
 * Checks all inputs together, in preview, too; requests may only read. `olds`: the inputs of the last time, empty at first.
 * Returns what is wrong, or throws.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a check that only throws returns nothing.
type Validate<I> = (inputs: I, olds: Plain) => Problems | void | Promise<Problems | void>;

/** How old an answer may be: reads that come together may share one, a decision needs its own. */
export type Age = "shared" | "fresh";

/** What a managed object is made of: one live object behind one resource. */
export interface Managed<I extends object, O extends I, Live> {
  readonly fields: Handler<I, O>["fields"];
  readonly replaceOn: Handler<I, O>["replaceOn"];
  identity(inputs: I): string;
  validate?: Validate<I>;
  settle?: Handler<I, O>["settle"];
  foresee?: Handler<I, O>["foresee"];
  show?: Handler<I, O>["show"];
  /**
   * The live object behind an id, undefined when there is none. What is about to be changed is looked at afresh.
   * `state`: what the state says of it. `news`: the inputs of an update, of which an interrupted one may have written some.
   */
  observe(id: string, state: O, age: Age, news?: I): Promise<Live | undefined>;
  /** Finds the object that belongs to these inputs, that of `before` first, or makes it. `extra`: what the state has to remember about that. */
  ensure(inputs: I, before?: Before<O>): Promise<{ id: string; live: Live; extra: Omit<O, keyof I> }>;
  /** Makes the live object what the inputs say; returns it. One request at most, none when nothing differs. */
  sync(live: Live, inputs: I): Promise<Live>;
  /** The live object as inputs. What the API cannot tell is taken from `context`. */
  describe(live: Live, context: I): I;
  remove(live: Live, state: O): Promise<void>;
  /** The error of an update whose object is gone. */
  gone(id: string, inputs: I): Error;
}

/** observe → ensure → sync → return, for resources that stand for one live object. */
export function managed<I extends object, O extends I, Live>(spec: Managed<I, O, Live>): Handler<I, O> {
  return {
    fields: spec.fields,
    replaceOn: spec.replaceOn,
    identity: spec.identity,
    ...(spec.validate === undefined ? {} : { validate: spec.validate }),
    ...(spec.settle === undefined ? {} : { settle: spec.settle }),
    ...(spec.foresee === undefined ? {} : { foresee: spec.foresee }),
    ...(spec.show === undefined ? {} : { show: spec.show }),
    async create(inputs, before) {
      const { id, live, extra } = await spec.ensure(inputs, before);
      await spec.sync(live, inputs);
      return { id, outs: { ...inputs, ...extra } as O };
    },
    async read(id, state) {
      const live = await spec.observe(id, state, "shared");
      if (live === undefined) return undefined;
      const inputs = inWordsOf(state, spec.fields, spec.describe(live, pick(state, spec.fields)));
      return { props: { ...state, ...inputs }, inputs };
    },
    async update(id, state, inputs) {
      const live = await spec.observe(id, state, "fresh", inputs);
      if (live === undefined) throw spec.gone(id, inputs);
      await spec.sync(live, inputs);
      return { ...withoutInputs(state, spec.fields), ...inputs } as O;
    },
    async delete(id, state) {
      const live = await spec.observe(id, state, "fresh");
      if (live !== undefined) await spec.remove(live, state);
    },
  };
}

/** What a state has beside inputs: one that is no longer said is no longer known. */
function withoutInputs(state: object, fields: object): Plain {
  return Object.fromEntries(Object.entries(state).filter(([name]) => !Object.hasOwn(fields, name)));
}

/** Only the inputs of a state. */
export function pick<I extends object>(state: I, fields: Handler<I, I>["fields"]): I {
  return Object.fromEntries(Object.keys(fields).map((name) => [name, state[name as keyof I]])) as I;
}
