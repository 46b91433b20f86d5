import type { DataDescription } from 'dna-nas/core/contracts';
import { counted, grouped } from 'dna-nas/errors';
import type { Findings } from '../findings.js';
import type { DataCheck } from './check-data.js';
import type { ImageRecord } from './inspect-all.js';
import { listed } from './words.js';

/** What cannot be read, by file. */
export function tellDamaged(
  records: readonly ImageRecord[],
  imagesPerSecond: number,
  findings: Findings,
): DataCheck['damaged'] {
  const damaged = records.flatMap(({ file, damage }) => (damage === undefined ? [] : [{ file, damage }]));
  const rate = `${grouped(Math.max(1, Math.round(imagesPerSecond)))} a second`;
  const whole = `${counted(records.length, 'image')} read and decoded, ${rate}`;
  if (damaged.length === 0) findings.ok('images', whole);
  else {
    findings.problem(
      'images',
      `${whole}; damaged: ${listed(damaged.map(({ file, damage }) => `${file} (${damage})`))}`,
      'Copy these files again, or delete them. A run passes over as many as data.corruptLimit says.',
    );
  }
  return damaged;
}

/** Smallest, middle and largest by area; how many have to be enlarged. */
export function tellSizes(
  records: readonly ImageRecord[],
  { image }: DataDescription,
  findings: Findings,
): void {
  const sizes = records
    .filter(({ width }) => width > 0)
    .sort((a, b) => a.width * a.height - b.width * b.height);
  if (sizes.length === 0) return;
  const show = (record: ImageRecord | undefined) => `${record!.width}×${record!.height}`;
  const [least, middle, most] = [sizes[0], sizes[Math.floor(sizes.length / 2)], sizes.at(-1)].map(show);
  const seen = `seen at ${image.width}×${image.height}`;
  const text = least === most ? `all are ${least}` : `${least} to ${most}, half of them up to ${middle}`;
  const small = sizes.filter(({ width, height }) => width < image.width || height < image.height).length;
  if (2 * small <= sizes.length) {
    findings.ok('sizes', `${text}; ${seen}`);
    return;
  }
  findings.warning(
    'sizes',
    `${text}; ${seen}, so that ${counted(small, 'image')} ${small === 1 ? 'is' : 'are'} enlarged`,
    `Take smaller images (data.imageSize): enlarging adds work, and nothing to see.`,
  );
}
