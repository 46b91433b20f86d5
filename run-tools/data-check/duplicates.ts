import type { Split } from 'dna-nas/core/contracts';
import { counted } from 'dna-nas/errors';
import type { Findings } from '../findings.js';
import type { ImageRecord } from './inspect-all.js';
import { listed } from './words.js';

/** Files of one content. */
export interface Duplicate {
  readonly files: readonly string[];
  /** The splits that they are in. */
  readonly splits: readonly Split[];
  /** Whether they are said to be of different classes. */
  readonly contradictory: boolean;
}

/** Files that hold the same bytes. An image that was saved anew is another one. */
export function findDuplicates(records: readonly ImageRecord[]): Duplicate[] {
  const groups = new Map<string, ImageRecord[]>();
  for (const record of records) {
    if (record.digest === '') continue;
    const known = groups.get(record.digest);
    if (known) known.push(record);
    else groups.set(record.digest, [record]);
  }
  return [...groups.values()]
    .filter(({ length }) => length > 1)
    .map((same) => ({
      files: same.map(({ file }) => file),
      splits: [...new Set(same.flatMap(({ splits }) => splits))],
      contradictory: new Set(same.map(({ label }) => label)).size > 1,
    }));
}

/** Test images that are trained or chosen on make accuracies worthless; other copies only weigh more. */
export function tellDuplicates(duplicates: readonly Duplicate[], findings: Findings): void {
  const show = (some: readonly Duplicate[]) => listed(some.map(({ files }) => files.join(' = ')));
  const across = duplicates.filter(({ splits }) => splits.includes('test') && splits.length > 1);
  const others = duplicates.filter((one) => !across.includes(one));
  const contradictory = duplicates.filter((one) => one.contradictory);
  if (duplicates.length === 0) findings.ok('duplicates', 'none');
  if (across.length > 0) {
    findings.problem(
      'test images',
      `${counted(across.length, 'image')} of the test split ${across.length === 1 ? 'is' : 'are'} in another split too: ${show(across)}`,
      'Keep one of each: accuracies on images that were trained on flatter.',
    );
  }
  if (others.length > 0) {
    findings.warning(
      'duplicates',
      `${counted(others.length, 'image')} ${others.length === 1 ? 'is' : 'are'} there more than once: ${show(others)}`,
      'Keep one of each.',
    );
  }
  if (contradictory.length === 0) return;
  findings.warning(
    'labels',
    `${counted(contradictory.length, 'image')} of two classes: ${show(contradictory)}`,
    'Keep the one that is right.',
  );
}
