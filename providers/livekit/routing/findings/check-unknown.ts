import type { Finding } from "../types.ts";
import { pathText } from "./path-text.ts";
import { finding, inQuotes, type Prepared, type UnknownPiece } from "./survey.ts";

/** What this version does not know of an object. */
export function checkUnknown({ unknown }: Prepared): Finding[] {
  return unknown.map((piece) => {
    const { id, what, path } = piece;
    const name = inQuotes(pathText(path));
    const recognized = recognizedAs(piece);
    if (what === "rule kind")
      return finding("UNKNOWN_RULE_KIND", [id], `${kindText(path)}: where its calls go cannot be told.`);
    if (what === "value") return finding("UNKNOWN_VALUE", [id], `This version does not know the value of ${name}.`);
    if (recognized === "LEGACY_NUMBER_REGEX")
      return finding(recognized, [id], `${name}: LiveKit no longer reads regular expressions for numbers.`);
    if (recognized === "AGENTS_OUTSIDE_ROOM_CONFIG")
      return finding(recognized, [id], `${name} is not read: agents belong into roomConfig.agents.`);
    return finding("UNKNOWN_FIELD", [id], `This version does not know the field ${name}.`);
  });
}

/** @param path ends with the name of the kind; with the field itself where there is none */
function kindText(path: UnknownPiece["path"]): string {
  return path.length > 1
    ? `This version does not know the kind of rule ${inQuotes(String(path.at(-1)))}`
    : "The file shows no kind for this rule, as tools do that do not know it";
}

/** Fields that LiveKit does not have and that are known as a mistake, or as removed: nothing else about the object is in doubt for them. */
export function recognizedAs({
  what,
  path,
}: Pick<UnknownPiece, "what" | "path">): "LEGACY_NUMBER_REGEX" | "AGENTS_OUTSIDE_ROOM_CONFIG" | undefined {
  const names = path.map((part) => String(part).replaceAll(/[_-]/g, "").toLowerCase());
  const last = names.at(-1) ?? "";
  if (what !== "field") return undefined;
  if (last === "inboundnumbersregex") return "LEGACY_NUMBER_REGEX";
  const isStrayAgent = !names.includes("roomconfig") && /^(room)?agents?(name|dispatch)?$/.test(last);
  return isStrayAgent ? "AGENTS_OUTSIDE_ROOM_CONFIG" : undefined;
}
