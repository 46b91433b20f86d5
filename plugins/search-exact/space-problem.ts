import type { Architecture, CellChoice, Costs, FeatureShape, SearchSpace } from 'dna-nas/core/contracts';
import { pathCount, pathOf } from 'dna-nas/core/space';
import type { CellRatings, CountedSpace, FoundArchitecture } from 'dna-nas/core/stages';
import type { SearchBlock, SearchProblem, Solution } from './solver.js';

/** A space with its ratings as numbers, and the way back from numbers to networks. */
export interface SpaceProblem {
  readonly problem: SearchProblem;
  architecture(candidates: readonly number[]): Architecture;
  found(solution: Solution): FoundArchitecture;
}

/** The candidates of one block, as numbers and as choices. */
interface BlockCandidates {
  readonly choices: readonly CellChoice[];
  readonly block: SearchBlock;
  /** Shape of each output state. */
  readonly outputs: readonly FeatureShape[];
}

/**
 * Prices every candidate on every input it can meet. Without ratings all are rated 0: enough to tell what is
 * reachable. A candidate that is rated infinite is left out.
 */
export function spaceProblem({ space, data }: CountedSpace, ratings?: readonly CellRatings[]): SpaceProblem {
  const costNames = costNamesOf({ space, data });
  let inputs: readonly FeatureShape[] = [data.image];
  const blocks = space.blocks.map((_, index) => {
    const candidates = blockCandidates({ space, data }, { index, inputs, costNames, ratings });
    inputs = candidates.outputs;
    return candidates;
  });
  const final = inputs.map((shape) => vector(costNames, space.priceHead(shape, data.classes)));
  const fixed = new Float64Array(costNames.length);
  const problem = { costNames, fixed, blocks: blocks.map(({ block }) => block), final };
  const architecture = (candidates: readonly number[]) =>
    candidates.map((candidate, index) => blocks[index]!.choices[candidate]!);
  return {
    problem,
    architecture,
    found(solution) {
      const chosen = architecture(solution.candidates);
      const costs = Object.fromEntries(costNames.map((name, index) => [name, solution.costs[index]!]));
      return { architecture: chosen, text: space.formatArchitecture(chosen), rating: solution.rating, costs };
    },
  };
}

/** Names of all costs: those of the head and of the first block's first candidate; `macs` and `params` first. */
export function costNamesOf({ space, data }: CountedSpace): string[] {
  const path = space.blocks[0]!.cells[0]!.layers.map(() => 0);
  const { costs } = space.priceBlock(0, { cell: 0, path }, data.image);
  return [...new Set(['macs', 'params', ...Object.keys(costs)])];
}

/** Costs in the order of names, 0 where a space does not price one. */
export function vector(names: readonly string[], costs: Costs): Float64Array {
  return Float64Array.from(names, (name) => costs[name] ?? 0);
}

function blockCandidates(
  { space }: CountedSpace,
  at: {
    index: number;
    inputs: readonly FeatureShape[];
    costNames: readonly string[];
    ratings: readonly CellRatings[] | undefined;
  },
): BlockCandidates {
  const { index, inputs, costNames } = at;
  const rated = listCandidates(space, index, at.ratings);
  const outputs: FeatureShape[] = [];
  const output = rated.map(({ choice }) => {
    const shape = space.priceBlock(index, choice, inputs[0]!).output;
    const known = outputs.findIndex((one) => one.channels === shape.channels);
    return known >= 0 ? known : outputs.push(shape) - 1;
  });
  const costs = inputs.map((input) => {
    const table = new Float64Array(rated.length * costNames.length);
    rated.forEach(({ choice }, candidate) => {
      table.set(
        vector(costNames, space.priceBlock(index, choice, input).costs),
        candidate * costNames.length,
      );
    });
    return table;
  });
  const ratings = Float64Array.from(rated, ({ rating }) => rating);
  const block = { states: outputs.length, output, ratings, costs };
  return { choices: rated.map(({ choice }) => choice), block, outputs };
}

function listCandidates(
  space: SearchSpace,
  block: number,
  ratings: readonly CellRatings[] | undefined,
): { choice: CellChoice; rating: number }[] {
  return space.blocks[block]!.cells.flatMap((_, cell) => {
    const values = ratings?.find((one) => one.block === block && one.cell === cell)?.values;
    const all = choicesOfCell(space, { block, cell }).map((choice, number) => ({
      choice,
      rating: values?.[number] ?? 0,
    }));
    return all.filter(({ rating }) => rating !== Number.POSITIVE_INFINITY);
  });
}

/** All candidates of a cell. */
export function choicesOfCell(
  { blocks }: SearchSpace,
  { block, cell }: { readonly block: number; readonly cell: number },
): CellChoice[] {
  const counts = blocks[block]!.cells[cell]!.layers.map((operations) => operations.length);
  return Array.from({ length: pathCount(counts) }, (_, number) => ({ cell, path: pathOf(number, counts) }));
}
