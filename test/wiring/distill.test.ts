import { run } from 'dna-nas/configuration';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Mark,
  type Note,
  SIZE,
  type WitnessedRun,
  witnessedRun,
  witnessRequest,
} from './witnessed-run.js';

const [BATCH, PATHS, STEPS, STEPS_PER_EPOCH] = [12, 3, 6, 4];
/** Cells in the order in which they are opened: two of each block. */
const BLOCK_OF_CELL = [0, 0, 1, 1];
const LAYERS_OF_CELL = [1, 2, 1, 2];

/** One step of one cell: what it was given, and what was written down in it. */
interface CellStep {
  readonly step: Note;
  readonly layers: readonly Note[];
  readonly losses: readonly Note[];
  readonly optimiser: Note;
}

function cellSteps(run: WitnessedRun): CellStep[] {
  const notes = run.during('distill');
  const starts = notes.flatMap(({ who }, index) => (who === 'step' ? [index] : []));
  return starts.map((start, place) => {
    const inside = notes.slice(start, starts[place + 1]);
    const by = (who: Note['who']) => inside.filter((note) => note.who === who);
    return { step: inside[0]!, layers: by('layer'), losses: by('loss'), optimiser: by('optimiser')[0]! };
  });
}

const shares = (marks: readonly Mark[]) =>
  Array.from({ length: PATHS }, (_, path) =>
    marks.slice((path * BATCH) / PATHS, ((path + 1) * BATCH) / PATHS),
  );

describe('what distillation is wired to', () => {
  let run: WitnessedRun;
  let steps: CellStep[];

  beforeAll(async () => {
    run = await witnessedRun([], 'distill');
    steps = cellSteps(run);
  });

  it('trains each cell on every step, in order', () => {
    for (const cell of BLOCK_OF_CELL.keys()) {
      const own = steps.filter(({ step }) => step.cell === cell);
      expect(own.map(({ step }) => step.index)).toEqual(Array.from({ length: STEPS }, (_, index) => index));
    }
  });

  it('reads augmented training images, each once an epoch, in another order the next', () => {
    const read = run.by('data', 'distill');
    expect(read).toHaveLength(STEPS);
    for (const { split, augmented } of read) expect([split, augmented]).toEqual(['train', 1]);
    expect(new Set(read.map(({ stream }) => stream)).size).toBe(STEPS);
    const epoch = read.slice(0, STEPS_PER_EPOCH).flatMap(({ images }) => images);
    expect(epoch.toSorted((a, b) => a - b)).toEqual(Array.from({ length: SIZE.train }, (_, index) => index));
    expect(read[STEPS_PER_EPOCH]!.images).not.toEqual(read[0]!.images);
  });

  it('shows the teacher each batch once, at the teacher’s size', () => {
    const asked = run.by('teacher', 'distill');
    expect(asked).toHaveLength(STEPS);
    for (const { shape } of asked) expect(shape).toEqual([BATCH, 32, 32, 3]);
  });

  it('gives a step input and target of the same images, those of the batch', () => {
    const read = run.by('data', 'distill');
    for (const { step } of steps) {
      const marks = read[step.index]!.images.map((image) => [image, 1, 1]);
      expect(step.input).toEqual(marks);
      expect(step.target).toEqual(marks);
    }
  });

  it('trains each path on a share of its own, input and target alike', () => {
    for (const { step, layers, losses } of steps) {
      const first = layers.filter(({ marks }) => marks);
      expect(first.map(({ marks }) => marks)).toEqual(shares(step.input));
      expect(losses.map(({ marks }) => marks)).toEqual(shares(step.target));
    }
  });

  it('changes what the drawn paths use, and nothing else', () => {
    for (const { step, layers, optimiser } of steps) {
      const depth = LAYERS_OF_CELL[step.cell]!;
      const operations = layers.map(({ operation }) => operation).filter((name) => name !== 'stem');
      const used = operations.map(
        (name, at) => `layers.${at % depth}.operations.${'abc'.indexOf(name)}.weight`,
      );
      const entrance = BLOCK_OF_CELL[step.cell] === 0 ? ['entrance.weight'] : [];
      expect(new Set(optimiser.parameters)).toEqual(new Set([...entrance, ...used]));
      expect(new Set(optimiser.gradients)).toEqual(new Set(optimiser.parameters));
    }
  });

  it('takes the rate of the step, times the factor of the block', () => {
    for (const { step, optimiser } of steps)
      expect(optimiser.learningRate).toBe((step.index + 1) * [1, 10][BLOCK_OF_CELL[step.cell]!]!);
  });

  it('tells the schedule how many steps there are, and how many an epoch has', () => {
    const [schedule] = run.by('schedule', 'distill');
    expect(schedule).toMatchObject({ steps: STEPS, stepsPerEpoch: STEPS_PER_EPOCH });
  });

  it('tells the loss of each cell after each epoch and at the end, a mean of its steps', () => {
    for (const task of ['train-b1-c1', 'train-b1-c2', 'train-b2-c1', 'train-b2-c2']) {
      const told = run.during('distill').filter((note) => note.task === task);
      const ends = told.flatMap(({ who }, index) => (who === 'epoch' ? [index] : []));
      expect(ends.map((index) => told[index])).toMatchObject([
        { epoch: 1, epochs: 2 },
        { epoch: 2, epochs: 2 },
      ]);
      expect(ends.map((index) => told[index - 1]!.index)).toEqual([STEPS_PER_EPOCH - 1, STEPS - 1]);
      for (const index of ends) {
        const losses = told.slice(0, index).flatMap(({ who, loss }) => (who === 'trained' ? [loss] : []));
        expect(told[index]!.loss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss) / losses.length, 9);
      }
    }
  });

  it('draws anew in each path of each step of each cell', () => {
    const drawn = steps.flatMap(({ layers }) => layers.map((layer) => layer.drawn));
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  it('draws paths of its own in each step and cell', () => {
    const paths = [1, 3].map((cell) =>
      steps
        .filter(({ step }) => step.cell === cell)
        .map(({ layers }) =>
          layers
            .map(({ operation }) => operation)
            .filter((name) => name !== 'stem')
            .join(''),
        ),
    );
    for (const own of paths) expect(new Set(own).size).toBeGreaterThan(1);
    expect(paths[0]).not.toEqual(paths[1]);
  });
});

describe('options of distillation', () => {
  it('augment: false leaves the images alone, and trains on the same ones', async () => {
    const [plain, changed] = await Promise.all([
      witnessedRun([], 'distill').then((run) => run.by('data', 'distill')),
      witnessedRun(['distill.augment=false'], 'distill').then((run) => run.by('data', 'distill')),
    ]);
    expect(changed.map(({ images }) => images)).toEqual(plain.map(({ images }) => images));
    expect(changed.every(({ augmented }) => augmented === 0)).toBe(true);
  });

  it('offPath: momentum gives the optimiser what earlier steps used as well', async () => {
    const used = new Map<number, Set<string>>();
    for (const { step, layers, optimiser } of cellSteps(
      await witnessedRun(['distill.offPath=momentum'], 'distill'),
    )) {
      const depth = LAYERS_OF_CELL[step.cell]!;
      const known = used.get(step.cell) ?? new Set(BLOCK_OF_CELL[step.cell] === 0 ? ['entrance.weight'] : []);
      const operations = layers.map(({ operation }) => operation).filter((name) => name !== 'stem');
      for (const [at, name] of operations.entries())
        known.add(`layers.${at % depth}.operations.${'abc'.indexOf(name)}.weight`);
      used.set(step.cell, known);
      expect(new Set(optimiser.parameters)).toEqual(known);
      expect(new Set(optimiser.gradients)).toEqual(known);
    }
    expect(used.size).toBe(BLOCK_OF_CELL.length);
  });

  it('a teacher that normalises by the batch sees the images of one path at a time', async () => {
    const run = await witnessedRun(['teacher.statistics=batch'], 'distill');
    const asked = run.by('teacher', 'distill');
    expect(asked).toHaveLength(PATHS * STEPS);
    for (const { shape } of asked) expect(shape).toEqual([BATCH / PATHS, 32, 32, 3]);
    const given = (of: WitnessedRun) => cellSteps(of).map(({ step }) => [step.input, step.target]);
    expect(given(run)).toEqual(given(await witnessedRun([], 'distill')));
  });

  it('schedule: per-block trains one block after the other, on the same images', async () => {
    const run = await witnessedRun(['distill.schedule=per-block'], 'distill');
    const steps = cellSteps(run).map(({ step }) => step);
    expect(steps.map(({ cell }) => BLOCK_OF_CELL[cell])).toEqual([
      ...Array(2 * STEPS).fill(0),
      ...Array(2 * STEPS).fill(1),
    ]);
    const joint = cellSteps(await witnessedRun([], 'distill')).map(({ step }) => step);
    for (const cell of BLOCK_OF_CELL.keys())
      expect(steps.filter((step) => step.cell === cell)).toEqual(joint.filter((step) => step.cell === cell));
  });

  it('microBatch: each path has so many images', async () => {
    const run = await witnessedRun(['distill.microBatch=5', 'distill.pathsPerStep=2'], 'distill');
    expect(new Set(run.by('loss', 'distill').map(({ marks }) => marks!.length))).toEqual(new Set([5]));
    expect(new Set(run.by('data', 'distill').map(({ images }) => images.length))).toEqual(new Set([10]));
  });

  it('epochs: half an epoch has half its steps', async () => {
    const run = await witnessedRun(['distill.epochs=0.5'], 'distill');
    expect(run.by('data', 'distill')).toHaveLength(STEPS_PER_EPOCH / 2);
  });
});

describe('what is chosen inside of supernet and distillation', () => {
  it('draws by the sampler of `supernet.sampler`', async () => {
    const run = await witnessedRun(['supernet.sampler=./witness/choices.mjs#first'], 'distill');
    const operations = run.by('layer', 'distill').map(({ operation }) => operation);
    expect(new Set(operations)).toEqual(new Set(['stem', 'a']));
  });

  it('trains by the step of `distill.step`', async () => {
    const run = await witnessedRun(['distill.step=./witness/choices.mjs#idle'], 'distill');
    expect(run.by('optimiser', 'distill')).toEqual([]);
    const cell = run.by('trained').filter(({ task }) => task === 'train-b2-c1');
    expect(cell.map(({ loss }) => loss)).toEqual([100, 101, 102, 103, 104, 105]);
  });

  it('saves no weights that the last step has spoiled, though its loss is a number', async () => {
    const request = { ...witnessRequest(), plugins: ['./witness/choices.mjs#spoiling'] };
    await expect(run(request, { inline: true, until: 'distill' })).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      message: expect.stringMatching(/block 1, cell 1.*holds NaN/),
    });
  });
});
