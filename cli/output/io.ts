import pc from "picocolors";
import { colored, terminal } from "../../providers/text/foreign.ts";
import { MOST_BYTES, unreadable } from "../input-file.ts";

/** What a command may touch beside its arguments: so that a test can run it without a process of its own. */
export interface CommandIO {
  environment: NodeJS.ProcessEnv;
  /** Where the stack files are. */
  folder: string;
  /** All of standard input. */
  input(): Promise<Uint8Array>;
  /** A line (or several) on stdout. */
  print(text: string): void;
  /** The same, then the exit code. */
  done(code: number, text: string): number;
  /** Colours only where somebody sees them (picocolors' own rules: NO_COLOR, FORCE_COLOR, TTY). */
  colors: Colors;
  /** Characters per line. */
  width: number;
}

type Colors = Pick<typeof pc, "red" | "green" | "yellow" | "dim" | "bold">;

const CI_WIDTH = 140;

/** Beside the output: progress and questions of a command whose stdout is JSON. */
export function printError(text: string): void {
  process.stderr.write(`${terminal(text)}\n`);
}

export function processIO(): CommandIO {
  // picocolors colours in any CI; a log that goes into a file or a pipe is read without.
  const hasColors = pc.isColorSupported && process.stdout.isTTY === true;
  const show = hasColors ? colored : terminal;
  const print = (text: string) => void process.stdout.write(`${show(text)}\n`);
  return {
    environment: process.env,
    folder: process.cwd(),
    input: standardInput,
    print,
    done(code, text) {
      print(text);
      return code;
    },
    colors: pc.createColors(hasColors),
    width: process.stdout.columns ?? CI_WIDTH,
  };
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).length;
    if (bytes > MOST_BYTES) throw unreadable("standard input", `it is over ${MOST_BYTES / 1_024 / 1_024} MiB`);
  }
  return Buffer.concat(chunks);
}
