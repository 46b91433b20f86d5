import type { Costs, FeatureShape } from 'dna-nas/core/contracts';
import { DnaError } from 'dna-nas/errors';
import type { ModuleCost } from '../module.js';

/** What each operation of each layer of a cell costs on one input of the cell. */
export interface CellPrices {
  readonly output: FeatureShape;
  /** `layers[layer][operation]` */
  readonly layers: readonly (readonly { readonly macs: number; readonly params: number }[])[];
}

/**
 * Prices a cell layer by layer, without allocating a tensor. Costs of a layer do not depend on the operations before
 * it, because all operations of a layer put out the same shape; throws a `DnaError` if they do not.
 */
export function priceCell(
  operations: readonly (readonly string[])[],
  input: FeatureShape,
  price: (layer: number, operation: number, input: FeatureShape) => ModuleCost,
): CellPrices {
  let shape = input;
  const layers = operations.map((names, layer) => {
    const costs = names.map((_, operation) => price(layer, operation, shape));
    const output = costs[0]!.output;
    const other = costs.findIndex((cost) => !sameShape(cost.output, output));
    if (other >= 0) throw unequalShapes(names[other]!, names[0]!, layer);
    shape = output;
    return costs.map(({ macs, params }) => ({ macs, params }));
  });
  return { output: shape, layers };
}

/** Costs of one path through priced layers, on top of what stands before them. */
export function sumPath(prices: CellPrices, path: readonly number[], before: Costs): Costs {
  let macs = before.macs ?? 0;
  let params = before.params ?? 0;
  for (let layer = 0; layer < path.length; layer++) {
    const price = prices.layers[layer]![path[layer]!]!;
    macs += price.macs;
    params += price.params;
  }
  return { macs, params };
}

function sameShape(a: FeatureShape, b: FeatureShape): boolean {
  return a.height === b.height && a.width === b.width && a.channels === b.channels;
}

function unequalShapes(one: string, other: string, layer: number): DnaError {
  return new DnaError(
    'OPERATION_SHAPE',
    `The operations "${one}" and "${other}" of layer ${layer + 1} put out different shapes.`,
    'Pad so that every operation of a layer gives the same height, width and channels.',
  );
}
