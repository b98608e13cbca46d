import pc from "picocolors";
import type { CommandIO } from "../../cli/output/io.ts";

/** A command's surroundings, and what it printed. */
export interface RecordedIO extends CommandIO {
  printed: string[];
  /** All of it as one text. */
  text(): string;
  /** The last thing printed, as JSON. */
  json(): Record<string, unknown>;
}

export function recordedIO(environment: NodeJS.ProcessEnv = {}, folder = process.cwd(), input = ""): RecordedIO {
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  return {
    environment,
    folder,
    input: async () => Buffer.from(input),
    print,
    done(code, text) {
      print(text);
      return code;
    },
    colors: pc.createColors(false),
    width: 140,
    printed,
    text: () => printed.join("\n"),
    json: () => JSON.parse(printed.at(-1) ?? "") as Record<string, unknown>,
  };
}
