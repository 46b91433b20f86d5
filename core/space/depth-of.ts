import type { Architecture, SearchSpace } from '../contracts/index.js';

/** Layers of a network that compute something: the space's own count, or all of them. */
export function depthOf(space: Pick<SearchSpace, 'depth'>, architecture: Architecture): number {
  return space.depth?.(architecture) ?? architecture.reduce((sum, { path }) => sum + path.length, 0);
}
