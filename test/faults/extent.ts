import { appendFileSync } from 'node:fs';
import { it } from 'vitest';

/** `all` (from `scripts/faults.mjs`): every point instead of the sample that `npm test` has time for. */
export const ALL = process.env.DNA_FAULTS === 'all';

/** Some of a list, evenly spread, or all of it where all is asked for. */
export function sample<Item>(items: readonly Item[], count: number): Item[] {
  return spread(items, ALL ? items.length : count);
}

/** So many of a list at most, evenly spread. */
export function spread<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  return Array.from(
    { length: count },
    (_, index) => items[Math.floor(((index + 0.5) * items.length) / count)]!,
  );
}

/** A test that `npm test` has no time for, which it says. */
export function inCampaign(title: string, work: () => Promise<void>): void {
  if (ALL) it(title, work);
  else it.skip(`${title} (tried by scripts/faults.mjs)`, work);
}

/** Tells the script how much was tried. */
export function count(what: string, number: number): void {
  if (process.env.DNA_FAULTS_COUNTS)
    appendFileSync(process.env.DNA_FAULTS_COUNTS, `${JSON.stringify({ what, number })}\n`);
}
