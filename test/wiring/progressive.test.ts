import { pathOf } from 'dna-nas/core/space';
import type { CellRatings } from 'dna-nas/core/stages';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Note, type WitnessedRun, witnessedRun } from './witnessed-run.js';

/** A step has two paths of six images; an epoch four steps. */
const OPTIONS = [
  'distill.batch=12',
  'distill.pathsPerStep=2',
  'distill.epochs=1.5',
  'distill.earlierPaths=2',
];
const [BATCH, PATHS, STEPS] = [12, 2, 6];

/** Candidates of a block, best-rated first, as their operations are called. */
function bestOf(run: WitnessedRun, block: number): string[] {
  const cells: (Omit<CellRatings, 'values'> & { values: number[] })[] = run.json('ratings.json').cells;
  return cells
    .filter((cell) => cell.block === block)
    .flatMap(({ choices, values }) =>
      values.map((rating, number) => ({ rating, path: pathOf(number, choices) })),
    )
    .toSorted((a, b) => a.rating - b.rating)
    .map(({ path }) => path.map((operation) => 'abc'[operation]).join(''));
}

/** What was written down from the last time on that a stage began: of the second block. */
function lastRound(run: WitnessedRun, stage: 'distill' | 'rank'): readonly Note[] {
  const start = run.notes.findLastIndex((note) => note.who === 'stage' && note.stage === stage);
  const end = run.notes.findIndex(({ who }, index) => who === 'stage' && index > start);
  return run.notes.slice(start, end < 0 ? undefined : end);
}

/** Operations of block 1 that ran before block 2: between the stem and the layer with stride 2. */
function earlierPaths(notes: readonly Note[]): string[] {
  const layers = notes.filter(({ who }) => who === 'layer');
  return layers.flatMap(({ operation }, start) => {
    const end = layers.findIndex(({ stride }, index) => index > start && stride === 2);
    if (operation !== 'stem' || layers[start + 1]?.stride === 2) return [];
    const names = layers.slice(start + 1, end).map((layer) => layer.operation);
    return end < 0 || names.includes('stem') ? [] : [names.join('')];
  });
}

const by = (notes: readonly Note[], who: Note['who']) => notes.filter((note) => note.who === who);

describe.each(['progressive-s1', 'progressive-s2'])('%s', (strategy) => {
  let run: WitnessedRun;

  beforeAll(async () => {
    const factors = 'distill.learningRateFactors=[1,10]';
    run = await witnessedRun([`distill=${strategy}`, ...OPTIONS, factors], 'rank');
  });

  it('trains block 2 behind the two best-rated paths of block 1, drawn a step', () => {
    expect(new Set(earlierPaths(lastRound(run, 'distill')))).toEqual(new Set(bestOf(run, 0).slice(0, 2)));
  });

  it('rates block 2 behind the best-rated path of block 1', () => {
    expect(new Set(earlierPaths(lastRound(run, 'rank')))).toEqual(new Set(bestOf(run, 0).slice(0, 1)));
  });

  it('trains block 2 on the images, and holds it against the teacher’s features of the same ones', () => {
    const notes = lastRound(run, 'distill');
    const stems = by(notes, 'layer').filter(({ operation }) => operation === 'stem');
    const losses = by(notes, 'loss');
    expect(stems.map(({ marks }) => marks)).toEqual(losses.map(({ marks }) => marks));
    expect(losses).toHaveLength(2 * STEPS * PATHS);
    for (const { marks } of losses) expect(marks).toHaveLength(BATCH / PATHS);
  });

  it('reads augmented training images for so many steps of both cells', () => {
    const read = by(lastRound(run, 'distill'), 'data');
    const found = read.map(({ split, augmented, images }) => [split, augmented, images.length]);
    expect(found).toEqual(Array(STEPS).fill(['train', 1, BATCH]));
    expect(by(lastRound(run, 'distill'), 'schedule')[0]).toMatchObject({ steps: STEPS, stepsPerEpoch: 4 });
  });

  it('takes the rate of the step, times the factor of the block', () => {
    const rates = by(lastRound(run, 'distill'), 'optimiser').map(({ learningRate }) => learningRate);
    expect(rates).toHaveLength(2 * STEPS);
    expect(new Set(rates)).toEqual(new Set([10, 20, 30, 40, 50, 60]));
  });

  it('augment: false leaves the images alone; microBatch: each path has so many', async () => {
    const set = ['distill.augment=false', 'distill.microBatch=5', 'distill.epochs=1'];
    const plain = await witnessedRun([`distill=${strategy}`, ...OPTIONS, ...set], 'distill');
    const read = by(plain.during('distill'), 'data');
    expect(new Set(read.map(({ augmented }) => augmented))).toEqual(new Set([0]));
    expect(new Set(read.map(({ images }) => images.length))).toEqual(new Set([5 * PATHS]));
  });

  it('tells which cells each round trains and rates', () => {
    const told = (stage: Note['stage']) =>
      run.notes
        .filter((note) => note.who === 'stage' && note.stage === stage)
        .map((note) => note.description);
    expect(told('distill').map((line) => line.slice(0, 'train 2 of 4 cells'.length))).toEqual([
      'train 2 of 4 cells',
      'train 2 of 4 cells',
    ]);
    expect(told('rank')).toEqual(Array(2).fill('rate all candidates of 2 of 4 cells'));
  });

  it('offPath: momentum gives the optimiser what earlier steps used as well', async () => {
    const sizes = async (...set: string[]) => {
      const made = await witnessedRun([`distill=${strategy}`, ...OPTIONS, ...set], 'distill');
      return by(made.during('distill'), 'optimiser').map(({ parameters }) => parameters.length);
    };
    const [still, momentum] = await Promise.all([sizes(), sizes('distill.offPath=momentum')]);
    momentum.forEach((size, step) => {
      expect(size).toBeGreaterThanOrEqual(still[step]!);
    });
    expect(Math.max(...momentum)).toBeGreaterThan(Math.max(...still));
  });
});
