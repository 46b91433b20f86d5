/**
 * Edits (insert, delete, replace, swap of neighbours) that turn one word into the other. A swap is one edit, by which
 * `rnu` is near `run`; for fastest-levenshtein 1.0.16, without dependencies and without swaps, it is two.
 */
function distance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const differs = from[row - 1] === to[column - 1] ? 0 : 1;
      let best = Math.min(
        rows[row - 1]![column]! + 1,
        current[column - 1]! + 1,
        rows[row - 1]![column - 1]! + differs,
      );
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) best = Math.min(best, rows[row - 2]![column - 2]! + 1);
      current.push(best);
    }
    rows.push(current);
  }
  return rows[from.length]![to.length]!;
}

/** What the writer of `word` most likely meant, or undefined if nothing allowed comes near. */
export function nearest(word: string, allowed: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of allowed) {
    const edits = distance(wanted, candidate.toLowerCase());
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  if (best !== undefined || wanted.length < 3) return best;
  return allowed.find((candidate) => candidate.toLowerCase().startsWith(wanted));
}
