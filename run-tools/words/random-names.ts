import type { SearchResult } from 'dna-nas/core/stages';

/** Name of a random network in the summary, by its place among them: `random`, `random-2`, … */
export function randomName(index: number): string {
  return index === 0 ? 'random' : `random-${index + 1}`;
}

/** Whether a network of the summary is a random one. */
export function isRandomName(name: string): boolean {
  return /^random(-\d+)?$/.test(name);
}

/** Ratings of a search's random networks, by name. */
export function randomRatings({ random, randoms = [random] }: SearchResult): Record<string, number> {
  return Object.fromEntries(randoms.map(({ rating }, index) => [randomName(index), rating]));
}
