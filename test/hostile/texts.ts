import fc from "fast-check";

/** Begins a line only if a foreign text could begin one. */
export const MARK = "INJECTED";

/** What LiveKit's API lets into a name, and what it would do where it is shown as it is. */
const HOSTILE = [
  `\u001b[2J\u001b[31m${MARK}`,
  `\u001b]0;title\u0007\u001b[8m`,
  `\u009b31m${MARK}`,
  `a\r${MARK}`,
  `a\n${MARK}`,
  `a\r\n\r\n${MARK}: true`,
  `a\u0085${MARK}: true`,
  `a\u2028${MARK}\u2029${MARK}`,
  `a\u000b\u000c\u001c\u0000${MARK}`,
  "\u202egnp.exe\u2066\u200f",
  "zero\u200bwidth\u00adshy\u3164\ufeff",
  "\ud800 lone \udfff",
  "$(touch injected) `touch injected` ; touch injected # ' \" \\",
  "' ; touch injected ; '",
  "![x](https://example.com/x.png) <img src=https://example.com/x> [a](javascript:alert(1))",
  "<script>alert(1)</script> &lt; &#64;everyone",
  "@octocat @org/team #123 GH-123 org/repo#1 https://example.com www.example.com a@example.com",
  "| a | b |",
  "``` \n# heading\n```",
  "\\| ` \\` `` |",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: for shells and workflows
  "*bold* _it_ ~~no~~ $x$ ${x} {{x}} %0A::error::x",
  ": - [x] {a: b} & * ! % > | # comment",
  "__proto__",
  "constructor",
  "x".repeat(5_000),
];

/** In `npm test` the same texts each time: a test that fails has failed before it landed. */
const SEED = 21;

/** On demand so many times as many, and others each time: see docs/SECURITY_MODEL.md. Properties that say no number have it by `times.ts`. */
const TIMES = process.env.TRUNKLINE_PROPERTY_TIMES;

export function runs(count: number): { numRuns: number; seed?: number } {
  return TIMES === undefined ? { numRuns: count, seed: SEED } : { numRuns: count * Number(TIMES) };
}

/** What so many runs may take. */
export function patience(limitMs: number): number {
  return limitMs * Number(TIMES ?? 1);
}

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.array(fc.constantFrom(...HOSTILE), { minLength: 2, maxLength: 3 }).map((parts) => parts.join(" ")),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(..."`|\\'\"<>@#*_[]()!&$: \n\r\u0085\u001b\u202eaZ0-"), maxLength: 30 }),
);

/** Nothing that moves the cursor, hides, reorders or starts a line; `\n` is a line of the output. */
export const UNSEEN = /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u;
