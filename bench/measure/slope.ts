/** How much y grows with x, by least squares; NaN with fewer than two different x. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middleX, middleY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const of = (each: (x: number, y: number) => number) =>
    points.reduce((sum, [x, y]) => sum + each(x - middleX, y - middleY), 0);
  return of((x, y) => x * y) / of((x) => x * x);
}
