import { type Mark, sameStack } from "../../providers/dynamic/marks.ts";

/** The identities under which a stack has made objects in this run: its state forgets the last one with `destroy`. */
export class Identities {
  readonly #marks: Mark[];
  readonly #inState: () => Promise<Mark | undefined>;

  /** @param inState the identity in the stack's state now */
  constructor(inState: () => Promise<Mark | undefined>, before: Mark[] = []) {
    this.#inState = inState;
    this.#marks = [...before];
  }

  /** Before anything is looked for or destroyed. */
  async remember(): Promise<void> {
    const mark = await this.#inState();
    if (mark !== undefined && !this.includes(mark)) this.#marks.push(mark);
  }

  includes(mark: Mark): boolean {
    return this.#marks.some((each) => sameStack(each, mark));
  }
}
