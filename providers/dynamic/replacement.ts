import { randomUUID } from "node:crypto";

/** The instance of a resource whose place a new one takes: its id and its last outputs. */
export interface Before<O> {
  id: string;
  state: O;
}

/**
 * What one run of the engine shows of the replacements of one kind, so that the live object stays, and with it what is known of it.
 * The engine replaces by three calls that know nothing of each other: `check` without old inputs, `delete` with the old state (first,
 * since each of our resources has deleteBeforeReplace), `create` with the new inputs. With `--replace` and after `state taint` there is no
 * `diff`. (Read in pulumi 3.250.0, pkg/resource/deploy/step_generator.go.)
 */
export class Replacements<O extends object> {
  /** What `check` has announced and `create` has not made yet. */
  readonly #announced = new Set<string>();
  /** What instances that stay the same object are called from now on, by the object's id. */
  readonly #next = new Map<string, string>();
  readonly #deleted = new Map<string, Before<O>>();
  readonly #shown = new Map<string, Before<O>>();
  /** The instance in whose state a live object is now, by the object's id. */
  readonly #instances = new Map<string, string | undefined>();

  /** `check` without old inputs: `create` follows, for the first time or for a replacement. */
  announce(identity: string): void {
    this.#announced.add(identity);
  }

  /** `diff`: all that a run sees of an instance which an interrupted run was about to replace. */
  show({ identity, shownAs, isSameObject }: Shown, before: Before<O>): void {
    this.#instances.set(before.id, instanceOf(before.state));
    this.#shown.set(shownAs, before);
    if (isSameObject) this.#next.set(before.id, identity);
  }

  /** `update`: it is not replaced. */
  stays(identity: string): void {
    this.#announced.delete(identity);
  }

  /** `delete`: whether the object stays, because another instance has taken it over or is about to. */
  keepsObject(identity: string, before: Before<O>): boolean {
    const { id, state } = before;
    if (this.#instances.has(id) && this.#instances.get(id) !== instanceOf(state)) return true;
    const next = this.#next.get(id);
    this.#deleted.set(next ?? identity, before);
    // Seen before, and to stay: this is an original that a run of an earlier version, which named no instances, has left to be deleted.
    return next !== undefined || this.#announced.has(identity);
  }

  /** `create`: what it takes the place of. */
  before(identity: string, shownAs: string): Before<O> | undefined {
    const before = this.#deleted.get(identity) ?? this.#shown.get(shownAs);
    this.#deleted.delete(identity);
    this.#shown.delete(shownAs);
    this.#announced.delete(identity);
    return before;
  }

  /** What `create` has made, with a name that no earlier instance with the same object has. */
  made<T extends { id: string; outs: O }>(made: T): T {
    const instance = randomUUID();
    this.#instances.set(made.id, instance);
    return { ...made, outs: { ...made.outs, instance } };
  }
}

interface Shown {
  /** Of the new inputs. */
  identity: string;
  shownAs: string;
  /** No input has changed that means another object. */
  isSameObject: boolean;
}

function instanceOf(state: object): string | undefined {
  return (state as { instance?: string }).instance;
}
