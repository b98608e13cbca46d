import { type FSWatcher, watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A watch can miss the last write: the file is read this often besides. */
const POLL_MS = 250;

/** Calls `onGrowth` with a file's whole content whenever it may have grown. The file need not exist yet. */
export class FileFollower {
  readonly #path: string;
  readonly #onGrowth: (data: Buffer) => void;
  readonly #watcher: FSWatcher;
  readonly #poll: NodeJS.Timeout;
  #reading: Promise<void> = Promise.resolve();
  #queued = false;
  #size = -1;

  constructor(path: string, onGrowth: (data: Buffer) => void) {
    this.#path = path;
    this.#onGrowth = onGrowth;
    this.#watcher = watch(dirname(path), () => this.#read());
    this.#poll = setInterval(() => this.#read(), POLL_MS);
  }

  /** Reads what has come since, then stops. */
  async close(): Promise<void> {
    this.#watcher.close();
    clearInterval(this.#poll);
    await this.#reading;
    await this.#readNow();
  }

  #read(): void {
    if (this.#queued) return;
    this.#queued = true;
    this.#reading = this.#reading.then(() => {
      this.#queued = false;
      return this.#readNow();
    });
  }

  async #readNow(): Promise<void> {
    const data = await readFile(this.#path).catch(() => undefined);
    if (!data || data.length === this.#size) return;
    this.#size = data.length;
    this.#onGrowth(data);
  }
}
