import type { Given, SipProject } from "../project.ts";
import { readContainer } from "./container.ts";
import { documentsOf } from "./documents.ts";
import { decode } from "./encoding.ts";
import { type Item, itemsOf, listsIn } from "./items.ts";
import { adoptLoneTrunk } from "./lone-trunk.ts";
import { projectOf } from "./project-of.ts";
import { isObject } from "./shape.ts";

const MOST_NAMES = 4;

/** A file, or standard input. */
export interface Source {
  name: string;
  bytes: Uint8Array;
}

/**
 * One project of everything that was given, in whatever form LiveKit's tools and people have written it.
 * @throws CliError BAD_FILE with the item's place and the encoding
 */
export function readForms(sources: readonly Source[]): SipProject {
  const items: Item[] = [];
  const given: Given = { inboundTrunks: false, outboundTrunks: false, dispatchRules: false };
  const hosts = new Set<string>();
  for (const { name, bytes } of sources) {
    const decoded = decode(bytes, name);
    for (const { value, place } of documentsOf(decoded, name)) {
      const { content, host } = readContainer(value, place);
      const found = isEmptyList(content) ? [] : itemsOf(content, `${place} (${decoded.encoding})`);
      items.push(...found);
      const named = found.length === 0 ? kindIn(name) : [];
      note(given, [...(isObject(content) ? listsIn(content) : []), ...found.map(({ kind }) => kind), ...named]);
      if (host !== undefined) hosts.add(host);
    }
  }
  const names = sources.length > MOST_NAMES ? `${sources.length} files` : sources.map(({ name }) => name).join(", ");
  const host = hosts.size === 0 ? names : `${[...hosts].join(", ")} (${names})`;
  return adoptLoneTrunk({ host, ...projectOf(items, given) });
}

/** lk prints a list without objects as `{}`. */
function isEmptyList(content: unknown): boolean {
  return isObject(content) && Object.keys(content).length === 0;
}

/** Of which list an empty file is, its name may say. */
function kindIn(name: string): Item["kind"][] {
  if (/dispatch|rule/i.test(name)) return ["dispatch rule"];
  if (/outbound/i.test(name)) return ["outbound trunk"];
  return /inbound/i.test(name) ? ["inbound trunk"] : [];
}

function note(given: Given, kinds: readonly Item["kind"][]): void {
  if (kinds.includes("inbound trunk")) given.inboundTrunks = true;
  if (kinds.includes("outbound trunk")) given.outboundTrunks = true;
  if (kinds.includes("dispatch rule")) given.dispatchRules = true;
}
