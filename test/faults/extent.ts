import { appendFileSync } from 'node:fs';
import { it } from 'vitest';

/** How much a campaign asks for: `all`, or `many` in CI. Absent: the sample that `npm test` has time for. */
const EXTENT = process.env.DNA_FAULTS;

/** Every point. */
export const ALL = EXTENT === 'all';
/** More than the sample: what takes long is tried too. */
export const CAMPAIGN = EXTENT !== undefined;
/** Points of CI for each one of the sample. */
const MANY = 4;

/** Some of a list, evenly spread: so many in `npm test`, more in CI, or all. */
export function sample<Item>(items: readonly Item[], count: number, many = MANY * count): Item[] {
  if (ALL) return [...items];
  return spread(items, CAMPAIGN ? many : count);
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
  if (CAMPAIGN) it(title, work);
  else it.skip(`${title} (tried with DNA_FAULTS=many)`, work);
}

/** Tells the script how much was tried. */
export function count(what: string, number: number): void {
  if (process.env.DNA_FAULTS_COUNTS)
    appendFileSync(process.env.DNA_FAULTS_COUNTS, `${JSON.stringify({ what, number })}\n`);
}
