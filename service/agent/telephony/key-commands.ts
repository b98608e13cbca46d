/** What the keys pressed so far ask for. */
export type KeyCommand =
  | { name: "key"; key: string }
  /** `*0` */
  | { name: "hangUp" }
  /** `*1` … `*7`: the first to the seventh declared target */
  | { name: "transfer"; index: number }
  /** `*8`, and any key after it resumes */
  | { name: "hold" };

/** Reads keys one by one: `*` begins a command, the next key names it; every other key, `#` too, is just a key. */
export class KeyCommands {
  #isCommand = false;

  /** Undefined while a command is not complete. */
  press(key: string): KeyCommand | undefined {
    if (key === "*" && !this.#isCommand) {
      this.#isCommand = true;
      return undefined;
    }
    const isCommand = this.#isCommand;
    this.#isCommand = false;
    return isCommand ? commandOf(key) : { name: "key", key };
  }
}

function commandOf(key: string): KeyCommand {
  if (key === "0") return { name: "hangUp" };
  if (key === "8") return { name: "hold" };
  return /^[1-7]$/.test(key) ? { name: "transfer", index: Number(key) - 1 } : { name: "key", key };
}
