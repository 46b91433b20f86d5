import type { DataDescription, Split } from 'dna-nas/core/contracts';
import { counted, grouped } from 'dna-nas/errors';
import type { Findings } from '../findings.js';
import type { DataCheck } from './check-data.js';
import type { ImageRecord } from './inspect-all.js';
import { listed } from './words.js';

/** Classes of which one has this many times the images of another are unbalanced. */
const UNBALANCED = 1.5;

/** How many images each class has, and which has none where they are needed. */
export function tellClasses(
  records: readonly ImageRecord[],
  { classes, classNames, labels }: DataDescription,
  findings: Findings,
): DataCheck['classes'] {
  if (labels === false) {
    findings.ok('classes', 'the images have no labels: networks learn what the teacher answers');
    return {};
  }
  const table = Array.from({ length: classes }, () => ({ train: 0, validation: 0, test: 0 }));
  for (const { label, splits } of records) for (const split of splits) table[label]![split]++;
  const nameOf = (label: number) => classNames?.[label] ?? String(label);
  tellBalance(
    table.map((row, label) => ({ name: nameOf(label), images: row.train })),
    findings,
  );
  tellMissing(table, nameOf, findings);
  return Object.fromEntries(table.map((row, label) => [nameOf(label), row]));
}

function tellBalance(classes: readonly { name: string; images: number }[], findings: Findings): void {
  const present = classes.filter(({ images }) => images > 0).sort((one, other) => other.images - one.images);
  const [most, least] = [present[0], present.at(-1)];
  if (!most || !least) return;
  const [fewest, greatest] = [least, most].map(({ images }) => grouped(images));
  const range = fewest === greatest ? fewest : `${fewest} to ${greatest}`;
  const text = `${counted(classes.length, 'class')}, of ${range} training images each`;
  if (most.images < UNBALANCED * least.images) {
    findings.ok('classes', text);
    return;
  }
  findings.warning(
    'classes',
    `${text}: most of ${most.name}, fewest of ${least.name}`,
    'Look at balanced accuracy and at each class: reports and dna evaluate show them.',
  );
}

function tellMissing(
  table: readonly Readonly<Record<Split, number>>[],
  nameOf: (label: number) => string,
  findings: Findings,
): void {
  for (const [split, word] of [
    ['train', 'training'],
    ['test', 'test'],
  ] as const) {
    const missing = table.flatMap((row, label) => (row[split] === 0 ? [nameOf(label)] : []));
    if (missing.length === 0 || missing.length === table.length) continue;
    findings.warning(
      `${word} classes`,
      `without ${word} images: ${listed(missing)}`,
      split === 'train'
        ? 'No network can learn these classes here.'
        : 'Nothing is measured of these classes.',
    );
  }
}
