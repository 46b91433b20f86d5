import type { NetworkComparison, Task, TaskStore } from 'dna-nas/core';
import { pairedInterval, readBits } from 'dna-nas/nn';
import type { AccuracyResult } from './accuracy-result.js';

const FOUND = 'found';

/** What a task's result says of its network's measurement. */
type Measured = AccuracyResult & { readonly name: string };

/** The found network against each other one, image by image; empty in a run without a search. */
export function compareNetworks(tasks: readonly Task[], store: TaskStore): NetworkComparison[] {
  if (!tasks.some(({ input }) => input.name === FOUND)) return [];
  const networks = tasks.map(({ id }) => store.loadResult(id)!.json as unknown as Measured);
  const found = networks.find(({ name }) => name === FOUND)!;
  return networks.filter((network) => network !== found).map((other) => compare(found, other));
}

function compare(one: Measured, other: Measured): NetworkComparison {
  const { images } = one;
  const [ofOne, ofOther] = [rightImages(one), rightImages(other)];
  const first = ofOne.filter((right, image) => right > ofOther[image]!).length;
  const second = ofOne.filter((right, image) => right < ofOther[image]!).length;
  return {
    network: one.name,
    against: other.name,
    difference: (first - second) / images,
    interval: pairedInterval({ first, second, images }),
    images,
    discordant: first + second,
  };
}

function rightImages({ right, images }: Measured): Uint8Array {
  return readBits(right, images);
}
