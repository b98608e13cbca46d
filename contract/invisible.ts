/**
 * What no line shows as it is: control, format and unassigned characters, line separators, blanks but the plain one, fillers. A terminal takes
 * some for commands; others start a line, hide what follows or turn it around.
 */
export const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** In a text of JSON, whose line ends stay: the same text, with what cannot be seen as `\uXXXX`. */
export function escapeInJson(json: string): string {
  return json.replaceAll(INVISIBLE, (found) => (found === "\n" ? found : [...utf16(found)].map(escaped).join("")));
}

function utf16(character: string): number[] {
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
