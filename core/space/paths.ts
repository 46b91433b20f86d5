/** Number of paths through layers with so many operations each. */
export function pathCount(choices: readonly number[]): number {
  return choices.reduce((product, operations) => product * operations, 1);
}

/** The path with a mixed-radix number from 0 to `pathCount − 1`, last layer fastest. */
export function pathOf(number: number, choices: readonly number[]): number[] {
  const path: number[] = [];
  let rest = number;
  for (let layer = choices.length - 1; layer >= 0; layer--) {
    path[layer] = rest % choices[layer]!;
    rest = Math.floor(rest / choices[layer]!);
  }
  return path;
}

/** The mixed-radix number of a path: `pathOf(numberOfPath(path, choices), choices)` equals `path`. */
export function numberOfPath(path: readonly number[], choices: readonly number[]): number {
  return path.reduce((sum, operation, layer) => sum * (choices[layer] ?? 0) + operation, 0);
}
