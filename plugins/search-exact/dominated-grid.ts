import type { DominanceRule } from './dominance.js';
import type { LabelSet } from './labels.js';

/** Cells along each of the two costs. */
const CELLS = 128;
const ROW = CELLS + 1;

/** Cells of one cost: number `(cost − from) · by`, rounded down. */
interface Scale {
  readonly from: number;
  readonly by: number;
}

/**
 * Tells at once of most dominated labels that they are, before they are kept. A grid over one or two costs holds, for
 * each cell, the least objective of the labels in cells that are lower in both. Of those in its own row or column it
 * does not know, so a label that it lets through may be dominated all the same.
 *
 * For rules that keep one label (`keep` 1) and have one or two active costs.
 */
export class DominatedGrid {
  readonly first: number;
  readonly second: number;
  readonly #margin: number;
  /** `least[row * ROW + column]`: over all labels in rows and columns below these. */
  readonly #least = new Float64Array(ROW * ROW).fill(Number.POSITIVE_INFINITY);
  #rows: Scale = { from: 0, by: 0 };
  #columns: Scale = { from: 0, by: 0 };

  constructor({ active, margins }: DominanceRule) {
    const [first = 0, second = first] = active.filter((value) => value !== 0);
    this.first = first;
    this.second = second;
    this.#margin = margins[0]!;
  }

  /** Whether a rule can do with a grid. */
  static serves({ active, keep }: DominanceRule): boolean {
    const costs = active.filter((value) => value !== 0).length;
    return keep === 1 && costs >= 1 && costs <= 2;
  }

  /** Takes the labels of a set in place of those that it had. */
  hold({ values, width, count }: LabelSet): void {
    const least = this.#least.fill(Number.POSITIVE_INFINITY);
    const end = count * width;
    this.#rows = scaleOf(values, { from: this.first, end, step: width });
    this.#columns = scaleOf(values, { from: this.second, end, step: width });
    for (let at = 0; at < end; at += width) {
      const cell = this.#cell(values[at + this.first]!, values[at + this.second]!) + ROW + 1;
      if (values[at]! < least[cell]!) least[cell] = values[at]!;
    }
    for (let cell = ROW; cell < least.length; cell++) {
      const below = Math.min(least[cell - ROW]!, cell % ROW === 0 ? Infinity : least[cell - 1]!);
      if (below < least[cell]!) least[cell] = below;
    }
  }

  /** Whether a held label dominates one of this objective and these costs, as far as the grid knows. */
  beats(objective: number, first: number, second: number): boolean {
    return this.#least[this.#cell(first, second)]! < objective - this.#margin;
  }

  #cell(first: number, second: number): number {
    return cellOf(this.#rows, first) * ROW + cellOf(this.#columns, second);
  }
}

function cellOf({ from, by }: Scale, cost: number): number {
  return Math.floor(Math.min(CELLS, Math.max(0, (cost - from) * by)));
}

/** The scale on which the greatest cost stands in the last cell. */
function scaleOf(
  values: Float64Array,
  { from, end, step }: { from: number; end: number; step: number },
): Scale {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = from; at < end; at += step) {
    if (values[at]! < least) least = values[at]!;
    if (values[at]! > most) most = values[at]!;
  }
  return { from: least, by: most > least ? (CELLS * (1 - 1e-9)) / (most - least) : 0 };
}
