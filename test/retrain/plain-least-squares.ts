/** One row an observation. */
export type Rows = readonly (readonly number[])[];

export function mean(rows: Rows, column: number): number {
  return rows.reduce((sum, row) => sum + row[column]!, 0) / rows.length;
}

/** Rows less the means of their columns. */
export function centred(rows: Rows): number[][] {
  const means = rows[0]!.map((_, column) => mean(rows, column));
  return rows.map((row) => row.map((value, column) => value - means[column]!));
}

/** Covariance of the columns of two tables of centred rows. */
export function covariance(one: Rows, other: Rows): number[][] {
  const sums = one[0]!.map(() => new Array<number>(other[0]!.length).fill(0));
  one.forEach((row, at) => {
    row.forEach((value, i) => {
      other[at]!.forEach((second, j) => {
        sums[i]![j]! += (value * second) / one.length;
      });
    });
  });
  return sums;
}

/** outputs ≈ inputs · weights + a constant; each input's variance grows by 1e-4 of their mean. */
export function leastSquares(inputs: Rows, outputs: Rows): { readonly weights: number[][] } {
  const [x, y] = [centred(inputs), centred(outputs)];
  const own = covariance(x, x);
  const ridge = (1e-4 * own.reduce((sum, row, at) => sum + row[at]!, 0)) / own.length;
  return {
    weights: solve(
      own.map((row, at) => row.map((value, i) => value + (i === at ? ridge : 0))),
      covariance(x, y),
    ),
  };
}

/** Gauss and Jordan, with the largest pivot. */
export function solve(matrix: Rows, right: Rows): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, at) => [...row, ...right[at]!]);
  for (let pivot = 0; pivot < size; pivot++) {
    const order = rows.map((row, at) => (at < pivot ? -1 : Math.abs(row[pivot]!)));
    const largest = order.indexOf(Math.max(...order));
    [rows[pivot], rows[largest]] = [rows[largest]!, rows[pivot]!];
    rows[pivot] = rows[pivot]!.map((value) => value / rows[pivot]![pivot]!);
    for (let row = 0; row < size; row++)
      if (row !== pivot)
        rows[row] = rows[row]!.map((value, at) => value - rows[row]![pivot]! * rows[pivot]![at]!);
  }
  return rows.map((row) => row.slice(size));
}

/**
 * Channels one after the other, each time the one with which least squares from all chosen ones to what the readers
 * make of the map leave the least; in their order.
 */
export function greedyChannels(map: Rows, readers: Rows, count: number): number[] {
  const x = centred(map);
  const own = covariance(x, x);
  const product = (one: Rows, other: Rows) =>
    one.map((row) => other[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * other[k]![j]!, 0)));
  const read = product(own, readers);
  const chosen: number[] = [];
  while (chosen.length < count) {
    const told = own.map((_, channel) => {
      if (chosen.includes(channel)) return -1;
      const tried = [...chosen, channel];
      const right = tried.map((one) => read[one]!);
      const weights = solve(
        tried.map((one) => tried.map((other) => own[one]![other]!)),
        right,
      );
      return weights.reduce(
        (sum, row, at) => sum + row.reduce((part, w, j) => part + w * right[at]![j]!, 0),
        0,
      );
    });
    chosen.push(told.indexOf(Math.max(...told)));
  }
  return chosen.sort((a, b) => a - b);
}
