import type { Dataset } from 'dna-nas/core/contracts';
import type { NetworkResult } from 'dna-nas/core/stages';
import { tf } from 'dna-nas/nn';
import { accuracyOf, classAnswers, measureAccuracy, unbalancedAccuracy } from 'dna-nas/nn/training';
import { reportPage } from 'dna-nas/plugins/report-html';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../plugins/on-cpu.js';
import { SUMMARY } from '../report/fake-run.js';

onCpu();

/** Label and guess of each image: 3 of 4 ones right, 1 of 2 twos, none of the one three. No zeros. */
const LABELS = [1, 1, 2, 1, 3, 2, 1];
const GUESSES = [1, 1, 2, 0, 1, 1, 1];

const DATA = { classes: 4, classNames: ['none', 'many', 'some', 'few'] };

/** Each class counts the same: the mean of 3/4, 1/2 and 0. */
const EXPECTED = {
  balanced: 5 / 12,
  perClass: [
    { name: 'many', images: 4, right: 3 },
    { name: 'some', images: 2, right: 1 },
    { name: 'few', images: 1, right: 0 },
  ],
};

describe('unbalanced classes', () => {
  it('are counted one by one, over batches and from where a measurement has stopped', async () => {
    const image = { height: 1, width: 1, channels: 1 };
    const dataset = {
      description: { image, ...DATA, size: { train: 0, validation: 0, test: LABELS.length } },
      read: (_: string, indices: Uint32Array) => ({
        images: Float32Array.from(indices, (index) => GUESSES[index]!),
        labels: Int32Array.from(indices, (index) => LABELS[index]!),
      }),
    } as unknown as Dataset;
    const classify = (images: tf.Tensor4D): tf.Tensor2D =>
      tf.oneHot(tf.cast(tf.reshape(images, [-1]), 'int32'), 4) as tf.Tensor2D;
    const tallies: Parameters<NonNullable<Parameters<typeof measureAccuracy>[2]['progress']>>[1][] = [];
    const request = { split: 'test', batch: 3 } as const;
    const progress = (_: number, tally: (typeof tallies)[number]) => void tallies.push(tally);
    const { classes } = await measureAccuracy(classify, dataset, { ...request, progress });
    expect(unbalancedAccuracy(classes, DATA)).toEqual(EXPECTED);
    // A one was taken for a zero, a two for a one, the three for a one.
    expect(classAnswers(classes, DATA)).toEqual({
      classes: DATA.classNames,
      images: [0, 4, 2, 1],
      right: [0, 3, 1, 0],
      confused: [
        [1, 0, 1],
        [2, 1, 1],
        [3, 1, 1],
      ],
    });
    const resumed = await measureAccuracy(classify, dataset, { ...request, from: tallies[0] });
    expect(resumed.classes).toEqual(classes);
    // A checkpoint of an earlier version does not know of what it has measured what was told.
    const { confused: _, ...before } = tallies[0]!.classes;
    const older = await measureAccuracy(classify, dataset, {
      ...request,
      from: { ...tallies[0]!, classes: before },
    });
    expect(unbalancedAccuracy(older.classes, DATA)).toEqual(EXPECTED);
    expect(classAnswers(older.classes, DATA)).toBeUndefined();
    const predictions = LABELS.map((label, index) => ({ label, classes: [GUESSES[index]!] }));
    expect(accuracyOf(predictions, DATA)).toMatchObject({ top1: 4 / 7, ...EXPECTED });
  });

  it.each([
    [[4, 0, 6, 5], true],
    [[4, 5, 5, 5], false],
    [[0, 0, 9, 0], false],
  ])('%j images a class are unbalanced: %s', (images, isUnbalanced) => {
    const told = unbalancedAccuracy({ images, right: [0, 0, 0, 0] }, DATA);
    expect('balanced' in told).toBe(isUnbalanced);
  });

  const page = (network: Partial<NetworkResult>) => {
    const networks = [{ ...SUMMARY.networks[1]!, ...network }];
    return reportPage({ name: 'sample', summary: { ...SUMMARY, networks }, limits: {}, complete: true });
  };
  /** A table's cells, row by row. */
  const cellsOf = (html: string) =>
    html.split('<tr').map((row) => Array.from(row.matchAll(/<t[hd][^>]*>([^<]*)</g), ([, cell]) => cell));

  it('have a table of their own in the report', () => {
    const html = page(EXPECTED);
    expect(html).toContain('Balanced accuracy');
    const cells = cellsOf(html.slice(html.indexOf('id="classes"')));
    expect(cells).toContainEqual(['Class', 'Test images', 'found']);
    expect(cells).toContainEqual(['some', '2', '50.00 %']);
    expect(page({})).not.toMatch(/Balanced|id="classes"/);
  });

  it('of many classes the worst are shown', () => {
    const perClass = Array.from({ length: 60 }, (_, label) => ({
      name: `class ${label}`,
      images: 100,
      right: label,
    }));
    const html = page({ perClass });
    expect(html).toContain('10 classes that found is better at are left out');
    expect(html).toContain('class 49<');
    expect(html).not.toContain('class 50<');
  });
});
