import { DnaError } from 'dna-nas/errors';
import type { CellChoice, Costs, FeatureShape, SearchSpace } from '../contracts/index.js';

/** Costs that a space does not price itself: milliseconds on a device, bytes of a format. Names are the same in all. */
export interface FurtherCosts {
  /** Of one choice of a block on its input; block 0 includes what stands before its cells. */
  priceBlock(block: number, choice: CellChoice, input: FeatureShape): Costs;
  /** Of what follows the last block. @default nothing */
  priceHead?(input: FeatureShape, classes: number): Costs;
}

/**
 * The space, which prices further costs too; all else is its own. For the hook `space`: what is added here can be
 * limited and traced by a search. Costs add up over the blocks, and those of a block may depend on the blocks before
 * it through its input alone.
 * @throws DnaError `COST_INVALID`, where the search prices networks, if a further cost is no finite number.
 */
export function addCosts(space: SearchSpace, further: FurtherCosts): SearchSpace {
  const priced: Pick<SearchSpace, 'priceBlock' | 'priceHead'> = {
    priceBlock(block, choice, input) {
      const { output, costs } = space.priceBlock(block, choice, input);
      const added = further.priceBlock(block, choice, input);
      requireFinite(added, () => nameOf(space, block, choice));
      return { output, costs: { ...costs, ...added } };
    },
    priceHead(input, classes) {
      const added = further.priceHead?.(input, classes) ?? {};
      requireFinite(added, () => 'what follows the last block');
      return { ...space.priceHead(input, classes), ...added };
    },
  };
  return new Proxy(space, {
    // Methods of a class reach its private fields on the space itself alone, so no copy of them would work.
    get(target, name) {
      if (Object.hasOwn(priced, name)) return Reflect.get(priced, name);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** @throws DnaError `COST_INVALID` */
function requireFinite(costs: Costs, what: () => string): void {
  const wrong = Object.entries(costs).find(([, value]) => !Number.isFinite(value));
  if (wrong) throw wrongCost(what(), wrong);
}

function nameOf({ blocks }: SearchSpace, block: number, { cell, path }: CellChoice): string {
  const { layers } = blocks[block]!.cells[cell]!;
  const operations = path.map((operation, layer) => layers[layer]![operation]);
  return `block ${block + 1}, cell ${cell + 1}, operations ${operations.join(' ')}`;
}

/** What `addCosts` was given prices something at no number. */
function wrongCost(what: string, [name, value]: readonly [string, unknown]): DnaError {
  return new DnaError(
    'COST_INVALID',
    `The cost ${name} of ${what} is ${String(value)}; a finite number is expected.`,
    'Correct the plugin that adds it: its table may lack an operation.',
    { exitCode: 2 },
  );
}
