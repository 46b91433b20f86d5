import type { SpaceBlock } from '../contracts/index.js';
import { pathCount } from './paths.js';

/** Number of networks of a space: the product over blocks of the paths of all their cells. */
export function networkCount(blocks: readonly SpaceBlock[]): number {
  return blocks.reduce((product, block) => product * candidateCount(block), 1);
}

/** Candidates of one block: the paths of all its cells. */
export function candidateCount({ cells }: SpaceBlock): number {
  return cells.reduce((sum, { layers }) => sum + pathCount(layers.map((layer) => layer.length)), 0);
}

/** A number of networks for people: exact below a million. */
export function showCount(count: number): string {
  return count < 1e6 ? String(count) : count.toExponential(1);
}
