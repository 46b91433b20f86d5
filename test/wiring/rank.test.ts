import { beforeAll, describe, expect, it } from 'vitest';
import { type Mark, type Note, type WitnessedRun, witnessedRun } from './witnessed-run.js';

const [BATCH, BATCHES, CELLS] = [8, 2, 4];
/** Candidates of the cells, the largest first: three operations in two layers, or in one. */
const CANDIDATES = [9, 9, 3, 3];

/** What was written down for each cell: its reading begins with its calibration. */
function byCell(run: WitnessedRun, reads = 1 + BATCHES): (readonly Note[])[] {
  const notes = run.during('rank');
  const starts = notes.flatMap(({ who }, index) => (who === 'data' ? [index] : []));
  expect(starts).toHaveLength(reads * CELLS);
  return Array.from({ length: CELLS }, (_, cell) =>
    notes.slice(starts[cell * reads], starts[(cell + 1) * reads]),
  );
}

const reads = (notes: readonly Note[]) => notes.filter(({ who }) => who === 'data');
const marksOf = (images: readonly number[], split: number): Mark[] =>
  images.map((image) => [image, split, 0]);

describe('what rating is wired to', () => {
  let run: WitnessedRun;
  let cells: (readonly Note[])[];

  beforeAll(async () => {
    run = await witnessedRun([], 'rank');
    cells = byCell(run);
  });

  it('calibrates by training images and rates by validation images, none of them augmented', () => {
    for (const notes of cells) {
      const found = reads(notes).map(({ split, augmented, images }) => [split, augmented, images.length]);
      expect(found).toEqual([['train', 0, BATCH], ...Array(BATCHES).fill(['validation', 0, BATCH])]);
    }
  });

  it('rates every cell on the same images, each of them once', () => {
    const images = cells.map((notes) => reads(notes).map((read) => read.images));
    for (const other of images) expect(other).toEqual(images[0]);
    const [, ...validation] = images[0]!;
    expect(new Set(validation.flat()).size).toBe(BATCH * BATCHES);
  });

  it('shows the teacher the images at its own size', () => {
    for (const { shape } of run.by('teacher', 'rank')) expect(shape).toEqual([BATCH, 32, 32, 3]);
  });

  it('gives a cell the images that the teacher saw, by batch statistics first and then by those', () => {
    for (const notes of cells) {
      const [train, ...validation] = reads(notes).map(({ images }) => images);
      const given = notes.filter(({ who, marks }) => who === 'layer' && marks);
      const seen = (mode: Note['mode']) => [
        ...new Set(given.filter((note) => note.mode === mode).map(({ marks }) => JSON.stringify(marks))),
      ];
      expect(seen('calibrate')).toEqual([JSON.stringify(marksOf(train!, 1))]);
      expect(seen('evaluate')).toEqual(validation.map((images) => JSON.stringify(marksOf(images, 2))));
    }
  });

  it('holds every candidate against the teacher’s features of each validation batch', () => {
    const held = cells.map((notes) => notes.filter(({ who }) => who === 'rating'));
    const counts = held.map(({ length }) => length / BATCHES);
    expect(counts.toSorted((a, b) => b - a)).toEqual(CANDIDATES);
    cells.forEach((notes, cell) => {
      const [, ...validation] = reads(notes);
      const expected = validation.flatMap(({ images }) => Array(counts[cell]!).fill(marksOf(images, 2)));
      expect(held[cell]!.map(({ marks }) => marks)).toEqual(expected);
    });
  });
});

describe('options of rating', () => {
  it('calibrationSplit: validation reads no training image', async () => {
    const cells = byCell(await witnessedRun(['rank.calibrationSplit=validation'], 'rank'));
    for (const notes of cells)
      expect(new Set(reads(notes).map(({ split }) => split))).toEqual(new Set(['validation']));
  });

  it('calibrationAugment: what calibrates is augmented, each batch in its own way, and what rates is not', async () => {
    const set = ['rank.calibrationAugment=true', 'rank.calibrationBatches=2'];
    const cells = byCell(await witnessedRun(set, 'rank'), BATCHES + 2);
    for (const notes of cells) {
      const found = reads(notes).map(({ split, augmented }) => [split, augmented]);
      expect(found).toEqual([['train', 1], ['train', 1], ...Array(BATCHES).fill(['validation', 0])]);
      const [first, second] = reads(notes).map(({ stream }) => stream);
      expect(first).not.toBe(second);
      expect(reads(cells[0]!).map(({ stream }) => stream)).toEqual(reads(notes).map(({ stream }) => stream));
    }
  });

  it('calibrationBatches: 0 keeps the statistics of the training', async () => {
    const run = await witnessedRun(['rank.calibrationBatches=0'], 'rank');
    for (const notes of byCell(run, BATCHES))
      expect(notes.every(({ mode }) => mode !== 'calibrate')).toBe(true);
  });

  it('batch and batches: so many images rate', async () => {
    const run = await witnessedRun(['rank.batch=5', 'rank.batches=4'], 'rank');
    const [first] = byCell(run, 5);
    expect(reads(first!).map(({ images }) => images.length)).toEqual([5, 5, 5, 5, 5]);
  });

  it('sharePrefixes: false runs each path alone, to the same ratings', async () => {
    const [shared, alone] = await Promise.all([
      witnessedRun([], 'rank'),
      witnessedRun(['rank.sharePrefixes=false'], 'rank'),
    ]);
    expect(alone.json('ratings.json')).toEqual(shared.json('ratings.json'));
    expect(alone.by('layer', 'rank').length).toBeGreaterThan(shared.by('layer', 'rank').length);
  });
});
