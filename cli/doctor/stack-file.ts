import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { Document, isMap, isScalar, isSeq, parseDocument, Scalar, type YAMLMap, YAMLSeq } from "yaml";
import { hostKey } from "../../providers/livekit/environment.ts";
import { quoted, shown } from "../../providers/text/foreign.ts";
import { CliError } from "../errors.ts";
import { readInputFile } from "../input-file.ts";
import { writeOutputFile } from "../output-file.ts";

/** An object to be removed, and what a reader of the stack file should know of it. */
export interface LegacyEntry {
  id: string;
  /** Becomes a comment behind the id. */
  note: string;
}

export interface LegacyEntries {
  inboundTrunkIds: LegacyEntry[];
  dispatchRuleIds: LegacyEntry[];
}

const LISTS = ["inboundTrunkIds", "dispatchRuleIds"] as const;
const SETTING = (name: string) => `trunkline:${name}`;

/**
 * The file of the stack whose legacy objects these are.
 * @param stack the stack's name; undefined: the one stack file with this project's host.
 * @throws CliError WRONG_STACK when the file is bound to another LiveKit project, is missing, or is not the only one.
 */
export function findStackFile(folder: string, host: string, stack: string | undefined): string {
  if (stack === undefined) return onlyFileOf(folder, host);
  const file = join(folder, `Pulumi.${stack}.yaml`);
  const bound = boundTo(parse(file));
  if (bound === undefined || bound === host) return file;
  throw wrongStack(
    `${basename(file)} is bound to the LiveKit project at ${bound}, and what was read is the one at ${host}`,
    "Set LIVEKIT_URL and the keys of the stack's own project, or give the other stack.",
  );
}

/**
 * Adds ids to `trunkline:legacy`; what is listed stays, and so do comments, order and quotes.
 * @returns the ids that were not listed before. Nothing is written when there is none.
 * @throws CliError BAD_FILE
 */
export function addLegacyIds(file: string, entries: LegacyEntries): string[] {
  const document = parse(file);
  const added = LISTS.flatMap((list) => addTo(listOf(document, file, list), entries[list]));
  if (added.length > 0) writeOutputFile(file, document.toString({ lineWidth: 0, indent: indentOf(file) }));
  return added;
}

function addTo(list: YAMLSeq, entries: LegacyEntry[]): string[] {
  for (const { id } of entries) requireId(id);
  const listed = new Set(list.items.map((item) => (isScalar(item) ? item.value : item)));
  const missing = entries.filter(({ id }) => !listed.has(id));
  // An empty list is written `[]`; comments need a line of their own.
  if (missing.length > 0) list.flow = false;
  for (const { id, note } of missing) {
    const item = new Scalar(id);
    // In YAML NEL and the line separators end a comment, too.
    item.comment = ` ${shown(note.replaceAll(/\s+/g, " "))}`;
    list.items.push(item);
  }
  return missing.map(({ id }) => id);
}

/** Nothing else is an id of LiveKit's (`ST_…`, `SDR_…`), and nothing else goes into a file that removes objects: YAML 1.1 reads `0_` as a number. */
function requireId(id: string): void {
  if (/^[A-Za-z]{2,8}_[A-Za-z0-9_-]{1,64}$/.test(id)) return;
  throw new CliError("BAD_FILE", `${quoted(id)} is not a valid id of a trunk or rule`, "Nothing was written.");
}

/** The list in the document, made where it is missing. */
function listOf(document: Document, file: string, list: string): YAMLSeq {
  const config = child(document.contents as YAMLMap, "config", file);
  const legacy = child(config, SETTING("legacy"), file);
  const found = legacy.get(list, true);
  if (isSeq(found)) return found;
  if (found !== undefined && !(isScalar(found) && found.value === null))
    throw badFile(file, `${SETTING("legacy")}.${list} is no list`);
  const made = new YAMLSeq();
  legacy.set(list, made);
  return made;
}

function child(parent: YAMLMap, key: string, file: string): YAMLMap {
  const found = parent.get(key, true);
  if (isMap(found)) return found as YAMLMap;
  if (found !== undefined && !(isScalar(found) && found.value === null)) throw badFile(file, `${key} is no mapping`);
  parent.set(key, new Document({}).contents);
  return parent.get(key, true) as unknown as YAMLMap;
}

function onlyFileOf(folder: string, host: string): string {
  const files = readdirSync(folder)
    .filter((name) => /^Pulumi\.[^.]+\.yaml$/.test(name))
    .map((name) => join(folder, name));
  const matching = files.filter((file) => boundTo(parse(file)) === host);
  if (matching.length === 1) return matching[0] as string;
  const found = matching.length === 0 ? "No stack file is" : `${matching.map((file) => basename(file)).join(", ")} are`;
  throw wrongStack(`${found} bound to the LiveKit project at ${host}`, "Name the stack: --stack NAME.");
}

/** `host:port` of `trunkline:livekitUrl`; undefined where the file has none (the stack `local`). */
function boundTo(document: Document): string | undefined {
  const url: unknown = document.getIn(["config", SETTING("livekitUrl")]);
  return typeof url === "string" ? hostKey(url) : undefined;
}

function parse(file: string): Document {
  const document = parseDocument(read(file));
  if (document.errors.length > 0) throw badFile(file, document.errors[0]?.message ?? "no YAML");
  if (document.contents === null) return new Document({});
  if (!isMap(document.contents)) throw badFile(file, "it is no mapping");
  return document;
}

function read(file: string): string {
  try {
    return readInputFile(file).toString();
  } catch (error) {
    if (existsSync(file)) throw error;
    throw wrongStack(`There is no ${basename(file)}`, "Check --stack; a stack's settings are in Pulumi.<stack>.yaml.");
  }
}

/** Pulumi itself writes two blanks, people some other width. */
function indentOf(file: string): number {
  return /^( +)\S/m.exec(read(file).replaceAll(/^ *#.*$/gm, ""))?.[1]?.length ?? 2;
}

function badFile(file: string, reason: string): CliError {
  return new CliError("BAD_FILE", `${basename(file)}: ${reason}`, "Mend the stack file, then run this again.");
}

function wrongStack(what: string, hint: string): CliError {
  return new CliError("WRONG_STACK", what, hint);
}
