import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { type Document, parseDocument } from "yaml";
import { z } from "zod";
import type { Claiming } from "../../infra/jambonz-claims.ts";
import { jambonzSchema } from "../../infra/settings-jambonz.ts";
import { CliError } from "../errors.ts";
import { readInputFile } from "../input-file.ts";
import { writeOutputFile } from "../output-file.ts";
import type { Twin } from "./twins.ts";

const JAMBONZ = ["config", "trunkline:jambonz"];
const schema = z.object({
  "trunkline:jambonz": jambonzSchema,
  "trunkline:presentedNumbers": z.array(z.string()).default([]),
  "trunkline:sipUsername": z.string().default(""),
});

/** A stack's file, as far as its rows in Jambonz are about it. */
export class StackSettings {
  readonly #file: string;
  readonly #document: Document;

  /** @throws CliError WRONG_STACK, BAD_FILE */
  constructor(folder: string, stack: string) {
    this.#file = join(folder, `Pulumi.${stack}.yaml`);
    this.#document = parse(this.#file);
  }

  /** @throws CliError BAD_FILE for settings that are missing or wrong */
  read(stack: string): Claiming {
    const { config } = z.object({ config: z.unknown() }).catch({ config: {} }).parse(this.#value());
    const found = schema.safeParse(config);
    if (!found.success) {
      const problems = found.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
      throw badFile(this.#file, problems.join("; "));
    }
    return {
      stack,
      jambonz: found.data["trunkline:jambonz"],
      presentedNumbers: found.data["trunkline:presentedNumbers"],
      sipUsername: found.data["trunkline:sipUsername"],
    };
  }

  /** Aliases of aliases can be billions of values: the library refuses them. @throws CliError BAD_FILE */
  #value(): unknown {
    try {
      return this.#document.toJS();
    } catch (error) {
      throw badFile(this.#file, error instanceof Error ? error.message : String(error));
    }
  }

  /** What `trunkline:jambonz` becomes with these lines, comments and order kept. */
  withLines(twins: readonly Twin[]): string {
    for (const { setting, sid } of twins) this.#document.setIn([...JAMBONZ, ...setting], sid);
    return this.#document.toString({ lineWidth: 0 });
  }

  write(twins: readonly Twin[]): void {
    writeOutputFile(this.#file, this.withLines(twins));
  }
}

function parse(file: string): Document {
  let text: string;
  try {
    text = readInputFile(file).toString();
  } catch (error) {
    if (existsSync(file)) throw error;
    throw new CliError("WRONG_STACK", `There is no ${basename(file)}`, "Check --stack.");
  }
  const document = parseDocument(text);
  if (document.errors.length > 0) throw badFile(file, document.errors[0]?.message ?? "no YAML");
  return document;
}

function badFile(file: string, reason: string): CliError {
  return new CliError("BAD_FILE", `${basename(file)}: ${reason}`, "Correct the stack file, then run this again.");
}
