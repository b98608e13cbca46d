import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

const EVERY_MS = 50;
/** Programs and packages of the cache, linked into folders that are for their owner only. */
const LINKED = /\/state\/pulumi\/bin\/|\/node_modules\//;

/** Watches what is written under a folder and may be gone in the end: which paths another account could have opened. */
export class OpenPaths {
  readonly #folder: string;
  readonly #open = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  constructor(folder: string) {
    this.#folder = folder;
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
  }

  /** @returns those that are open, and how many were seen in all */
  stop(): { open: string[]; seen: number } {
    clearInterval(this.#timer);
    this.#look();
    return { open: [...this.#open].toSorted(), seen: this.#seen.size };
  }

  #look(): void {
    for (const name of this.#names()) this.#note(name);
  }

  /** None where a folder goes while it is read: the next look is soon. */
  #names(): string[] {
    try {
      return readdirSync(this.#folder, { recursive: true, encoding: "utf8" });
    } catch {
      return [];
    }
  }

  #note(name: string): void {
    const path = join(this.#folder, name);
    if (LINKED.test(path)) return;
    try {
      const status = lstatSync(path);
      this.#seen.add(name);
      if (!status.isSymbolicLink() && (status.mode & 0o077) !== 0)
        this.#open.add(`${(status.mode & 0o777).toString(8)} ${name}`);
    } catch {
      return; // gone meanwhile
    }
  }
}
