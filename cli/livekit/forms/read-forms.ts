import type { Given, SipProject } from "../project.ts";
import { readContainer } from "./container.ts";
import { documentsOf } from "./documents.ts";
import { decode } from "./encoding.ts";
import { type Item, itemsOf, listsIn } from "./items.ts";
import { adoptLoneTrunk } from "./lone-trunk.ts";
import { withLostKinds } from "./lost-kinds.ts";
import { Pages } from "./pages.ts";
import { projectOf } from "./project-of.ts";
import { isObject } from "./shape.ts";

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
  const pages = new Pages();
  const hosts = new Set<string>();
  const beside: string[] = [];
  for (const { name, bytes } of sources) {
    const decoded = decode(bytes, name);
    for (const { value, place } of documentsOf(decoded, name)) {
      const { content, host } = readContainer(value, place);
      // lk prints an empty list so.
      const isEmpty = isObject(content) && Object.keys(content).length === 0;
      const found = isEmpty ? [] : itemsOf(content, `${place} (${decoded.encoding})`, undefined, beside);
      items.push(...found);
      const kinds = new Set([...listsIn(content), ...found.map(({ kind }) => kind)]);
      for (const kind of kinds) given[LIST_OF[kind]] = true;
      pages.add(
        content,
        [...kinds].map((kind) => LIST_OF[kind]),
        place,
      );
      if (host !== undefined) hosts.add(host);
    }
  }
  const names = sources.map(({ name }) => name).join(", ");
  const host = hosts.size === 0 ? names : `${[...hosts].join(", ")} (${names})`;
  const project = {
    host,
    isHostUnknown: hosts.size === 0,
    ...projectOf(items, given),
    pages: [...pages.open.values()],
    beside,
  };
  return adoptLoneTrunk(withLostKinds(project));
}

const LIST_OF = {
  "inbound trunk": "inboundTrunks",
  "outbound trunk": "outboundTrunks",
  "dispatch rule": "dispatchRules",
} as const satisfies Record<Item["kind"], keyof Given>;
