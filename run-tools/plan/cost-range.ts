import type { CellChoice, Costs, DataDescription, FeatureShape, SearchSpace } from 'dna-nas/core/contracts';
import { pathCount, pathOf } from 'dna-nas/core/space';

/** The smallest and the greatest value that a network of the space can have, by cost. */
export type CostRange = Readonly<Record<string, { readonly least: number; readonly most: number }>>;

interface State {
  readonly shape: FeatureShape;
  readonly range: CostRange;
}

/**
 * What the networks of a space cost at least and at most, each cost on its own. Exact: costs of a block depend on what
 * stands before it through its input shape alone.
 */
export function costRange(space: SearchSpace, data: Pick<DataDescription, 'image' | 'classes'>): CostRange {
  let states: State[] = [{ shape: data.image, range: {} }];
  for (let block = 0; block < space.blocks.length; block++) {
    const reached = new Map<string, State>();
    for (const choice of choicesOf(space, block)) {
      for (const state of states) {
        const { output, costs } = space.priceBlock(block, choice, state.shape);
        const key = `${output.height}×${output.width}×${output.channels}`;
        const range = widen(reached.get(key)?.range, extend(state.range, costs));
        reached.set(key, { shape: output, range });
      }
    }
    states = [...reached.values()];
  }
  const whole = states.map(({ shape, range }) => extend(range, space.priceHead(shape, data.classes)));
  return whole.reduce((all, range) => widen(all, range));
}

function choicesOf(space: SearchSpace, block: number): CellChoice[] {
  return space.blocks[block]!.cells.flatMap(({ layers }, cell) => {
    const choices = layers.map((layer) => layer.length);
    return Array.from({ length: pathCount(choices) }, (_, number) => ({
      cell,
      path: pathOf(number, choices),
    }));
  });
}

function extend(range: CostRange, costs: Costs): CostRange {
  const entries = Object.entries(costs).map(([name, value]) => {
    const { least = 0, most = 0 } = range[name] ?? {};
    return [name, { least: least + value, most: most + value }] as const;
  });
  return { ...range, ...Object.fromEntries(entries) };
}

function widen(one: CostRange | undefined, other: CostRange): CostRange {
  if (!one) return other;
  const entries = Object.entries(other).map(([name, { least, most }]) => {
    const known = one[name] ?? { least, most };
    return [name, { least: Math.min(known.least, least), most: Math.max(known.most, most) }] as const;
  });
  return { ...one, ...Object.fromEntries(entries) };
}
