import type { Finding } from "../types.ts";
import { pathText } from "./path-text.ts";
import { finding, inQuotes, type Prepared, type UnknownPiece } from "./survey.ts";

/** What this version does not know of an object. */
export function checkUnknown({ unknown }: Prepared): Finding[] {
  return unknown.map((piece) => {
    const { id, what, path } = piece;
    const name = inQuotes(pathText(path));
    const last = String(path.at(-1)).replaceAll(/[_-]/g, "").toLowerCase();
    if (what === "rule kind")
      return finding("UNKNOWN_RULE_KIND", [id], `${kindText(path)}: where its calls go cannot be told.`);
    if (what === "value") return finding("UNKNOWN_VALUE", [id], `This version does not know the value of ${name}.`);
    if (last === "inboundnumbersregex")
      return finding("LEGACY_NUMBER_REGEX", [id], `${name}: LiveKit no longer reads regular expressions for numbers.`);
    if (isStrayAgent(piece, last))
      return finding("AGENTS_OUTSIDE_ROOM_CONFIG", [id], `${name} is not read: agents belong into roomConfig.agents.`);
    return finding("UNKNOWN_FIELD", [id], `This version does not know the field ${name}.`);
  });
}

/** @param path ends with the name of the kind; with the field itself where there is none */
function kindText(path: UnknownPiece["path"]): string {
  return path.length > 1
    ? `This version does not know the kind of rule ${inQuotes(String(path.at(-1)))}`
    : "The file shows no kind for this rule, as tools do that do not know it";
}

function isStrayAgent({ path }: UnknownPiece, last: string): boolean {
  const isInRoom = path.some((part) => String(part).replaceAll(/[_-]/g, "").toLowerCase() === "roomconfig");
  return !isInRoom && /^(room)?agents?(name|dispatch)?$/.test(last);
}
