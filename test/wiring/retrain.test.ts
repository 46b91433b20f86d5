import { beforeAll, describe, expect, it } from 'vitest';
import { type Mark, type Note, SIZE, type WitnessedRun, witnessedRetraining } from './witnessed-run.js';

const [BATCH, STEPS, STEPS_PER_EPOCH] = [16, 5, 3];
const TEST = Array.from({ length: SIZE.test }, (_, index) => index);
/** Test images that are kept of the found network. */
const EXAMPLES = 12;

/** What was written down while one network was trained: from one question for a schedule to the next. */
function byNetwork(run: WitnessedRun): Record<'found' | 'random', readonly Note[]> {
  const notes = run.during('retrain').filter(({ who }) => who !== 'teacher');
  const starts = notes.flatMap(({ who }, index) => (who === 'schedule' ? [index] : []));
  expect(starts).toHaveLength(2);
  const [first, second] = starts as [number, number];
  return { found: notes.slice(first, second), random: notes.slice(second) };
}

const training = (notes: readonly Note[]) =>
  notes.filter(({ who, split }) => who === 'data' && split === 'train');
const stems = (notes: readonly Note[], mode: Note['mode']) =>
  notes.filter((note) => note.operation === 'stem' && note.mode === mode).map(({ marks }) => marks!);

describe('what retraining is wired to', () => {
  let run: WitnessedRun;
  let networks: ReturnType<typeof byNetwork>;

  beforeAll(async () => {
    run = await witnessedRetraining();
    networks = byNetwork(run);
  });

  it.each(['found', 'random'] as const)('trains the %s network on augmented training images', (name) => {
    const read = training(networks[name]);
    expect(read.map(({ augmented, images }) => [augmented, images.length])).toEqual(
      Array(STEPS).fill([2, BATCH]),
    );
    const epoch = read.slice(0, STEPS_PER_EPOCH).flatMap(({ images }) => images);
    expect(new Set(epoch).size).toBe(SIZE.train);
    expect(new Set(read.map(({ stream }) => stream)).size).toBe(STEPS);
    const marks = read.map(({ images }) => images.map((image): Mark => [image, 1, 2]));
    expect(stems(networks[name], 'train')).toEqual(marks);
  });

  it('trains both networks on the same batches', () => {
    expect(training(networks.random)).toEqual(training(networks.found));
  });

  it.each(['found', 'random'] as const)('measures the %s network on every test image', (name) => {
    const seen = stems(networks[name], 'evaluate').flat();
    // Of the found network twelve are looked at once more, when all else is done, for the report.
    const measured = name === 'found' ? seen.slice(0, -EXAMPLES) : seen;
    for (const image of seen.slice(measured.length)) expect(TEST).toContain(image[0]);
    const once = measured.slice(0, SIZE.test);
    expect(once).toEqual(TEST.map((index) => [index, 3, 0]));
    for (let start = 0; start < measured.length; start += SIZE.test)
      expect(measured.slice(start, start + SIZE.test)).toEqual(once);
  });

  it('measures the teacher on the test images, at its own size', () => {
    const asked = run.by('teacher', 'retrain');
    expect(asked.map(({ shape }) => shape[0]!).reduce((sum, images) => sum + images)).toBe(SIZE.test);
    for (const { asked: what, shape } of asked)
      expect([what, ...shape.slice(1)]).toEqual(['logits', 32, 32, 3]);
    const { json } = run.result('evaluate-teacher');
    // This teacher is right about every image.
    expect(json).toMatchObject({ top1: 1, images: SIZE.test });
    const notes = run.during('retrain');
    const logits = notes.findIndex(({ who }) => who === 'teacher');
    expect(notes[logits - 1]).toMatchObject({ who: 'data', split: 'test', augmented: 0 });
  });

  it('takes the rate of each step, from a schedule that knows steps and steps an epoch', () => {
    for (const notes of Object.values(networks)) {
      expect(notes[0]).toMatchObject({ steps: STEPS, stepsPerEpoch: STEPS_PER_EPOCH });
      const rates = notes.filter(({ who }) => who === 'optimiser').map(({ learningRate }) => learningRate);
      expect(rates).toEqual([1, 2, 3, 4, 5]);
    }
  });

  it('trains every parameter in every step', () => {
    const steps = networks.found.filter(({ who }) => who === 'optimiser');
    const tensors = [...run.result('retrain-found').tensors.keys()];
    const parameters = tensors.filter((name) => !/running|num_batches/.test(name));
    for (const { parameters: changed } of steps) expect(new Set(changed)).toEqual(new Set(parameters));
  });

  it('drops features of the classifier by dropout, and branches by drop-connect', () => {
    const built = run.by('built', 'retrain');
    const heads = built.filter(({ operation }) => operation === 'head').map(({ dropout }) => dropout);
    expect(Math.max(...heads)).toBe(0.25);
    const layers = built
      .filter(({ operation }) => operation !== 'head')
      .map(({ dropConnect }) => dropConnect);
    // It rises from 0 to, but not reaching, the option's value.
    expect(Math.max(...layers)).toBeGreaterThan(0.2);
    expect(Math.max(...layers)).toBeLessThan(0.5);
  });

  it('draws anew in each step', () => {
    const drawn = networks.found.flatMap((note) => note.drawn ?? []);
    expect(drawn.length).toBeGreaterThanOrEqual(3 * STEPS);
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});

describe('options of retraining', () => {
  it('augment: false leaves the images alone', async () => {
    const { found } = byNetwork(await witnessedRetraining('retrain.augment=false'));
    expect(new Set(training(found).map(({ augmented }) => augmented))).toEqual(new Set([0]));
  });

  it('evaluateEvery: the test images are measured after so many epochs, and at the end', async () => {
    for (const [every, times] of [
      [0, 1],
      [1, 2],
    ]) {
      const { found } = byNetwork(
        await witnessedRetraining(`retrain.evaluateEvery=${every}`, 'retrain.movingAverage=0'),
      );
      expect(stems(found, 'evaluate').flat()).toHaveLength(times! * SIZE.test + EXAMPLES);
    }
  });

  it('evaluationBatch: so many test images at once', async () => {
    const { found } = byNetwork(
      await witnessedRetraining('retrain.evaluationBatch=9', 'retrain.evaluateEvery=0'),
    );
    expect(
      stems(found, 'evaluate')
        .map(({ length }) => length)
        .slice(0, 3),
    ).toEqual([9, 9, 2]);
  });

  it('microBatch: a step’s batch in parts, each drawn on its own', async () => {
    const [whole, inParts] = await Promise.all([
      witnessedRetraining(),
      witnessedRetraining('retrain.microBatch=4'),
    ]);
    const { found } = byNetwork(inParts);
    const parts = training(found);
    expect(parts.map(({ images }) => images.length)).toEqual(Array((STEPS * BATCH) / 4).fill(4));
    expect(new Set(parts.map(({ stream }) => stream)).size).toBe(parts.length);
    const images = (notes: readonly Note[]) => training(notes).flatMap((note) => note.images);
    expect(images(found)).toEqual(images(byNetwork(whole).found));
    expect(found.filter(({ who }) => who === 'optimiser')).toHaveLength(STEPS);
    const drawn = found.flatMap((note) => note.drawn ?? []);
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  it('batch: as many as there are training images, and no more', async () => {
    const all = await witnessedRetraining('retrain.batch=48', 'retrain.epochs=2', 'retrain.networks=[found]');
    const read = training(all.during('retrain'));
    expect(read.map(({ images }) => new Set(images).size)).toEqual([SIZE.train, SIZE.train]);
    await expect(witnessedRetraining('retrain.batch=49')).rejects.toMatchObject({ code: 'BATCH_TOO_LARGE' });
  });

  it('images: all trains on the held-out images too, each once an epoch', async () => {
    const run = await witnessedRetraining('retrain.images=all', 'retrain.batch=24', 'retrain.epochs=2');
    const { found } = byNetwork(run);
    const batches = stems(found, 'train');
    const stepsPerEpoch = (SIZE.train + SIZE.validation) / 24;
    expect(batches).toHaveLength(2 * stepsPerEpoch);
    for (const epoch of [batches.slice(0, stepsPerEpoch), batches.slice(stepsPerEpoch)]) {
      const seen = epoch.flat().map(([index, split]) => `${split}/${index}`);
      expect(new Set(seen).size).toBe(SIZE.train + SIZE.validation);
      expect(epoch.flat().filter(([, split]) => split === 2)).toHaveLength(SIZE.validation);
    }
    for (const [, , augmented] of batches.flat()) expect(augmented).toBe(2);
    // Both splits are among the images of one batch, in the order that was drawn, with streams of their own.
    const mixed = batches.find((marks) => new Set(marks.map(([, split]) => split)).size === 2)!;
    const changes = mixed.filter(([, split], at) => at > 0 && split !== mixed[at - 1]![1]).length;
    expect(changes).toBeGreaterThan(1);
    const read = found.filter(({ who, split }) => who === 'data' && split !== 'test');
    expect(new Set(read.map(({ stream }) => stream)).size).toBe(read.length);
  });

  it('scale: refused where the space knows no other sizes', async () => {
    await expect(witnessedRetraining('retrain.scale={width: 2, depth: 1}')).rejects.toMatchObject({
      code: 'SPACE_SCALE',
      message: expect.stringContaining('witness'),
    });
  });

  it('networks: only those are trained', async () => {
    const run = await witnessedRetraining('retrain.networks=[random]');
    expect(run.by('schedule', 'retrain')).toHaveLength(1);
    expect(() => run.result('retrain-found')).toThrow();
    expect(run.result('retrain-random').json).toMatchObject({ name: 'random' });
  });
});

it('randomNetworks: so many random networks are drawn, trained and told of', async () => {
  const [one, three] = await Promise.all([
    witnessedRetraining('retrain.epochs=0.4'),
    witnessedRetraining('retrain.epochs=0.4', 'retrain.randomNetworks=3'),
  ]);
  const names = (run: WitnessedRun) =>
    run.json('summary.json').networks.map(({ name }: { name: string }) => name);
  expect(names(one)).toEqual(['teacher', 'found', 'random']);
  expect(names(three)).toEqual(['teacher', 'found', 'random', 'random-2', 'random-3']);
  const { random, randoms } = three.json('search.json');
  expect(randoms).toHaveLength(3);
  expect(randoms[0]).toEqual(random);
  expect(random).toEqual(one.json('search.json').random);
  // What the first is trained to does not depend on those beside it, which are trained as it is.
  expect(three.result('retrain-random')).toEqual(one.result('retrain-random'));
  for (const [index, name] of ['random', 'random-2', 'random-3'].entries())
    expect(three.result(`retrain-${name}`).json.architecture).toBe(randoms[index].text);
  expect(three.json('summary.json').standing).toMatchObject({ among: names(three).slice(2) });
  expect(one.json('summary.json')).not.toHaveProperty('standing');
});

describe('options that change the loss', () => {
  /** The loss of the first step, before any weight has changed. */
  async function firstLoss(...set: string[]): Promise<number> {
    const run = await witnessedRetraining('retrain.networks=[found]', 'retrain.dropout=0', ...set);
    return run.by('trained', 'retrain')[0]!.loss;
  }

  it('labelSmoothing blends the loss with the mean over all classes', async () => {
    const [none, some, more] = await Promise.all(
      [0, 0.2, 0.4].map((share) => firstLoss(`retrain.labelSmoothing=${share}`)),
    );
    expect(some).not.toBeCloseTo(none!, 3);
    expect(some).toBeCloseTo((none! + more!) / 2, 5);
  });

  it('mixup blends each image with its counterpart from the other end of the batch', async () => {
    const run = await witnessedRetraining('retrain.networks=[found]', 'retrain.mixup=0.4');
    const [read] = training(run.during('retrain'));
    const [given] = stems(run.during('retrain'), 'train');
    const blended = given!.map(([index]) => index);
    const last = BATCH - 1;
    const [first, other] = [read!.images[0]!, read!.images[last]!];
    const share = (blended[0]! - other) / (first - other);
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(1);
    read!.images.forEach((image, place) => {
      expect(blended[place]).toBeCloseTo(share * image + (1 - share) * read!.images[last - place]!, 2);
    });
  });

  it('batchNormEpsilon stands under the root of every norm, and in the result', async () => {
    const run = await witnessedRetraining('retrain.networks=[found]', 'retrain.batchNormEpsilon=0.5');
    expect(run.result('retrain-found').json).toMatchObject({ batchNormEpsilon: 0.5 });
    const [plain, changed] = await Promise.all([firstLoss(), firstLoss('retrain.batchNormEpsilon=1e6')]);
    expect(changed).not.toBeCloseTo(plain, 3);
  });

  it('batchNormMomentum is the share of a batch in the running statistics', async () => {
    const means = await Promise.all(
      [0.1, 0.2].map(async (momentum) => {
        const set = ['retrain.networks=[found]', 'retrain.movingAverage=0', 'retrain.epochs=0.33'];
        const run = await witnessedRetraining(...set, `retrain.batchNormMomentum=${momentum}`);
        return run.result('retrain-found').tensors.get('head.bn2.running_mean')!.data;
      }),
    );
    // After one step from 0 the running mean is the batch's mean times the momentum.
    means[0]!.forEach((mean, channel) => {
      expect(2 * mean).toBeCloseTo(means[1]![channel]!, 3);
    });
    expect(Math.max(...means[0]!.map(Math.abs))).toBeGreaterThan(0);
  });
});

/** The witnesses' optimiser adds 1 in each step, so that every weight's average is known. */
describe('the moving average', () => {
  const DECAY = 0.75;
  /** How far the average lags behind the weights after all steps. */
  const lag = Array.from({ length: STEPS }).reduce<number>((behind) => DECAY * (behind + 1), 0);
  const weightOf = (run: WitnessedRun, task: string) => run.result(task).tensors.get('stem.weight')!.data;

  it.each([0, 1])('is what is saved with evaluateEvery: %i', async (every) => {
    const set = [`retrain.evaluateEvery=${every}`, 'retrain.networks=[found]'];
    const [plain, averaged] = await Promise.all([
      witnessedRetraining(...set, 'retrain.movingAverage=0'),
      witnessedRetraining(...set, `retrain.movingAverage=${DECAY}`, 'retrain.movingAverageWarmUp=false'),
    ]);
    const trained = weightOf(plain, 'retrain-found');
    const saved = weightOf(averaged, 'retrain-found');
    expect(weightOf(averaged, 'retrain-found-raw')).toEqual(trained);
    saved.forEach((weight, index) => {
      expect(weight).toBeCloseTo(trained[index]! - lag, 5);
    });
  });

  it('movingAverageWarmUp follows more closely at first', async () => {
    const set = ['retrain.networks=[found]', `retrain.movingAverage=${DECAY}`];
    const [slow, quick] = await Promise.all(
      [false, true].map((warmUp) => witnessedRetraining(...set, `retrain.movingAverageWarmUp=${warmUp}`)),
    );
    const decays = Array.from({ length: STEPS }, (_, step) => Math.min(DECAY, (2 + step) / (11 + step)));
    const behind = decays.reduce((sum, decay) => decay * (sum + 1), 0);
    const trained = weightOf(slow!, 'retrain-found-raw');
    weightOf(quick!, 'retrain-found').forEach((weight, index) => {
      expect(weight).toBeCloseTo(trained[index]! - behind, 5);
    });
  });
});
