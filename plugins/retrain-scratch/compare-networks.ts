import { compareMeasured, readBits, standingInterval } from 'dna-nas/accuracy';
import type { NetworkDifferences, RandomStanding, Task, TaskStore } from 'dna-nas/core/stages';
import { isRandomName } from 'dna-nas/run-tools/words';
import type { AccuracyResult } from './accuracy-result.js';

const FOUND = 'found';

/** What a task's result says of its network's measurement. */
type Measured = AccuracyResult & { readonly name: string };

/** The found network against each other one, image by image, and among several random ones; of a search alone. */
export function compareNetworks(tasks: readonly Task[], store: TaskStore): NetworkDifferences {
  if (!tasks.some(({ input }) => input.name === FOUND)) return {};
  const networks = tasks.map(({ id }) => store.loadResult(id)!.json as unknown as Measured);
  const found = networks.find(({ name }) => name === FOUND)!;
  const others = networks.filter((network) => network !== found);
  if (others.length === 0) return {};
  const randoms = others.filter(({ name }) => isRandomName(name));
  return {
    comparisons: others.map((other) => compareMeasured(found, other)),
    ...(randoms.length > 1 && { standing: standing(found, randoms) }),
  };
}

function standing(found: Measured, randoms: readonly Measured[]): RandomStanding {
  const below = randoms.filter(({ top1 }) => top1 < found.top1).length;
  const same = randoms.filter(({ top1 }) => top1 === found.top1).length;
  return {
    network: found.name,
    among: randoms.map(({ name }) => name),
    percentile: (100 * (below + same / 2)) / randoms.length,
    ...standingInterval(rightImages(found), randoms.map(rightImages)),
    images: found.images,
  };
}

function rightImages({ right, images }: Measured): Uint8Array {
  return readBits(right, images);
}
