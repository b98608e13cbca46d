import { own } from "@trunkline/contract";
import { PROJECT_FORMAT } from "../format.ts";
import { badFile } from "./bad-file.ts";
import { isObject } from "./shape.ts";

/**
 * What holds the objects: our export, a report of `doctor --json` around one, or anything without a format of ours.
 * @throws CliError BAD_FILE
 */
export function readContainer(value: unknown, place: string): { content: unknown; host?: string } {
  const inner = isObject(value) && isObject(value.project) ? value.project : value;
  if (!isObject(inner) || inner.format === undefined) return { content: inner };
  if (inner.format !== PROJECT_FORMAT)
    throw badFile(
      place,
      `the format is not ${PROJECT_FORMAT}`,
      "Read it with the version of Trunkline that wrote it, or export again.",
    );
  const missing = ["inboundTrunks", "dispatchRules"].filter((name) => !Array.isArray(own(inner, name)));
  if (missing.length > 0) throw badFile(place, `this export has no list ${missing.join(", ")}`);
  return { content: inner, ...(typeof inner.host === "string" && { host: inner.host }) };
}
