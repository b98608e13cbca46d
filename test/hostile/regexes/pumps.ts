import { type AST, RegExpParser } from "@eslint-community/regexpp";

/** Texts on which an expression may take more than linear time: what its parts match, said again and again, before something that fits nowhere. */
export function hostileInputs(source: string, flags: string, length: number): string[] {
  const pattern = new RegExpParser().parsePattern(source, 0, source.length, {
    unicode: flags.includes("u"),
    unicodeSets: flags.includes("v"),
  });
  const matches = (char: string, node: AST.CharacterSet | AST.CharacterClass | AST.ExpressionCharacterClass) =>
    new RegExp(`^${source.slice(node.start, node.end)}$`, flags.replaceAll(/[gy]/g, "")).test(char);
  const starts = pattern.alternatives.flatMap((one) => heads(one, matches));
  const pumps = [...new Set([...starts.flatMap(({ head, own }) => [head, own]), " ", "a", "/", "1"])].filter(Boolean);
  const begun = new Set(["", ...starts.map(({ before }) => before)]);
  return [...begun].flatMap((before) =>
    pumps.flatMap((pump) =>
      ENDS.map((end) => before + pump.repeat(Math.max(MOST_STARTS, Math.ceil(length / pump.length))) + end),
    ),
  );
}

/** So often an expression that begins with the text can be begun in vain. */
const MOST_STARTS = 2_500;
/** What no part is likely to match. */
const ENDS = ["", "\u0000\n"];
const SAMPLES = [..."a1 /.-_:,=#@[]{}()<>\"'`|*+?&%$!;~^\\A\n\t\u0000\u001b\u00e9\u00a0"];

type Matches = (char: string, node: AST.CharacterSet | AST.CharacterClass | AST.ExpressionCharacterClass) => boolean;

/** Each part of an alternative: its sample, that of all before it, and of both. Parts of groups count, too. */
function heads(
  alternative: AST.Alternative,
  matches: Matches,
  outer = "",
): { before: string; own: string; head: string }[] {
  let before = outer;
  return alternative.elements.flatMap((element) => {
    const own = sample(element, matches);
    const here = { before, own, head: before + own };
    const inner = alternativesOf(element).flatMap((one) => heads(one, matches, before));
    before += own;
    return [here, ...inner];
  });
}

function alternativesOf(element: AST.Element): readonly AST.Alternative[] {
  if (element.type === "Quantifier") return alternativesOf(element.element);
  return element.type === "Group" || element.type === "CapturingGroup" ? element.alternatives : [];
}

/** A text that the part matches; empty for assertions and references. */
function sample(element: AST.Element, matches: Matches): string {
  switch (element.type) {
    case "Character":
      return String.fromCodePoint(element.value);
    case "CharacterSet":
    case "CharacterClass":
    case "ExpressionCharacterClass":
      return SAMPLES.find((char) => matches(char, element)) ?? "";
    case "Quantifier":
      return sample(element.element, matches).repeat(Math.max(1, Math.min(element.min, 4)));
    case "Group":
    case "CapturingGroup":
      return (element.alternatives[0]?.elements ?? []).map((part) => sample(part, matches)).join("");
    default:
      return "";
  }
}
