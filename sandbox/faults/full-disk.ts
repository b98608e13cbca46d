import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CHUNK = Buffer.alloc(4_096);
const MOST_CHUNKS = 4_096;

/** A folder on a disk of its own that can be made full. Needs the right to mount. */
export class SmallDisk {
  readonly #folder: string;
  #chunks = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Puts a disk of so many megabytes under a folder; its content moves along. @throws where mounting is not allowed. */
  static under(folder: string, megabytes = 4): SmallDisk {
    const aside = mkdtempSync(join(tmpdir(), "small-disk-"));
    try {
      cpSync(folder, aside, { recursive: true });
      run("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]);
      cpSync(aside, folder, { recursive: true });
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
    return new SmallDisk(folder);
  }

  /** Not one more byte finds a place. */
  fill(): void {
    while (this.#chunks < MOST_CHUNKS) {
      try {
        writeFileSync(this.#filler(this.#chunks++), CHUNK);
      } catch {
        return; // ENOSPC
      }
    }
  }

  /** What `fill` took is free again. */
  free(): void {
    for (; this.#chunks > 0; this.#chunks--) rmSync(this.#filler(this.#chunks - 1), { force: true });
  }

  /** The folder is an ordinary one again, with what was in it. */
  remove(): void {
    const aside = mkdtempSync(join(tmpdir(), "small-disk-"));
    try {
      this.free();
      cpSync(this.#folder, aside, { recursive: true });
      run("umount", [this.#folder]);
      cpSync(aside, this.#folder, { recursive: true });
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  }

  #filler(number: number): string {
    return join(this.#folder, `filler-${number}`);
  }
}

/** Why no disk can be mounted here; undefined where it can. */
export function whyNoSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "small-disk-"));
  try {
    SmallDisk.under(folder, 1).remove();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} cannot be used here: ${error?.message ?? stderr.trim()}`);
}
