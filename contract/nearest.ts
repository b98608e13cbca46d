/** How many of a word's letters may be wrong: a third, at least one. */
const LETTERS_PER_MISTAKE = 3;

/** The known word that was probably meant; undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(word.length / LETTERS_PER_MISTAKE));
  const near = known
    .filter((candidate) => Math.abs(candidate.length - word.length) <= most)
    .map((candidate) => ({ candidate, mistakes: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ mistakes }) => mistakes <= most);
  return near.sort((one, other) => one.mistakes - other.mistakes)[0]?.candidate;
}

/** For the end of an error about an unknown word: `; did you mean "drift"?`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const found = nearest(word, known);
  return found === undefined ? "" : `; did you mean "${found}"?`;
}

/** Letters added, left out, wrong, or two that have changed places (optimal string alignment). */
function distance(one: string, other: string): number {
  let [before, last]: number[][] = [[], Array.from({ length: other.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= one.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const costs = [at(last, column) + 1, at(line, column - 1) + 1, at(last, column - 1) + (isSame ? 0 : 1)];
      if (isSwapped) costs.push(at(before, column - 2) + 1);
      line.push(Math.min(...costs));
    }
    [before, last] = [last ?? [], line];
  }
  return at(last, other.length);
}

function at(line: readonly number[] | undefined, index: number): number {
  return line?.[index] ?? Number.POSITIVE_INFINITY;
}
