import { createInterface } from "node:readline/promises";
import type { Person } from "./person.ts";
import type { CallFacts, TestCall } from "./test-calls.ts";

/** Where somebody reads and types. */
export interface Terminal {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

/** Somebody with a telephone, at a terminal. */
export class TerminalPerson implements Person {
  readonly canOverlap = false;
  readonly patience = { comesMs: 180_000, lastsMs: 600_000 };
  readonly #lines: ReturnType<typeof createInterface>;
  readonly #output: NodeJS.WritableStream;
  readonly #from: string | undefined;

  /** @param from the number of the telephone, where it is known */
  constructor({ input, output }: Terminal, from?: string) {
    this.#from = from;
    this.#lines = createInterface({ input, output });
    this.#output = output;
  }

  async begin({ title, todo }: TestCall, facts: CallFacts): Promise<{ from?: string }> {
    const lines = todo(facts).map((line) => `  ☎ ${line}`);
    this.#output.write(`\n${title}\n${lines.join("\n")}\n`);
    return this.#from === undefined ? {} : { from: this.#from };
  }

  answer(_call: TestCall, { text }: { text: string }): Promise<boolean | undefined> {
    return this.#ask(text);
  }

  async codec(): Promise<undefined> {
    return undefined;
  }

  async stopAgent(): Promise<boolean> {
    this.#output.write("\nStop the agent (on Heroku: heroku ps:scale agent=0 --app AGENT_APP).\n");
    return (await this.#ask("Is it stopped?")) === true;
  }

  async startAgent(): Promise<void> {
    this.#output.write("\nStart the agent again (on Heroku: heroku ps:scale agent=1 --app AGENT_APP).\n");
    while ((await this.#ask("Is it started?")) === false) this.#output.write("The stack takes no calls before.\n");
  }

  close(): void {
    this.#lines.close();
  }

  /** Anything but y and n means: cannot tell. */
  async #ask(text: string): Promise<boolean | undefined> {
    const answer = (await this.#lines.question(`  ${text} [y/n/?] `)).trim().toLowerCase();
    if (/^y(es)?$/.test(answer)) return true;
    return /^no?$/.test(answer) ? false : undefined;
  }
}
