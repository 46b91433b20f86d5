import { run } from 'dna-nas/configuration';
import { numberOfPath, pathOf } from 'dna-nas/core/space';
import { planRun } from 'dna-nas/run-tools';
import { beforeAll, describe, expect, it } from 'vitest';
import { ANSWERING, answerTo, GAINS, meanDivergence, SPLITS } from './answering.js';
import { type WitnessedRun, witnessedRun, witnessRequest } from './witnessed-run.js';

const SETTINGS = [...ANSWERING, 'rank.fineTuneSteps=2'];
const RATE = 0.05;
/** In the order in which they are worked on. */
const CELLS = [
  { block: 1, cell: 2, layers: 2 },
  { block: 2, cell: 2, layers: 2 },
  { block: 1, cell: 1, layers: 1 },
  { block: 2, cell: 1, layers: 1 },
];

const fineTuned = (set: readonly string[] = []) =>
  witnessedRun([...SETTINGS, `rank.fineTuneLearningRate=${RATE}`, ...set], 'rank');

/** Weights of a path and of what is behind it: a 3×3 matrix a layer, whose third row and column do nothing, and a factor. */
interface Weights {
  readonly layers: readonly (readonly (readonly number[])[])[];
  readonly factor: number;
}

function answer({ layers, factor }: Weights, image: readonly number[], block: number): number[] {
  const channels = layers.reduce(
    (vector, matrix) =>
      [0, 1].map((to) => vector.reduce((sum, value, from) => sum + value * matrix[from]![to]!, 0)),
    [...image],
  );
  return answerTo(channels, { block, factor });
}

const OWN: Weights = { layers: [], factor: 1 };

/** Mean divergence over images of a split, in float64. */
function divergence(
  weights: Weights,
  images: readonly number[],
  [split, block]: readonly [number, number],
): number {
  const by = (weights: Weights) => (index: number) => answer(weights, [index, split], block);
  return meanDivergence(images.map((index) => [by(OWN)(index), by(weights)(index)]));
}

/** Every number of the weights, and weights of such numbers. */
const numbersOf = ({ layers, factor }: Weights) => [...layers.flat(2), factor];

function weightsFrom(numbers: readonly number[]): Weights {
  const layers = Array.from({ length: (numbers.length - 1) / 4 }, (_, layer) => {
    const [a, b, c, d] = numbers.slice(4 * layer, 4 * layer + 4) as [number, number, number, number];
    return [
      [a, b],
      [c, d],
    ];
  });
  return { layers, factor: numbers.at(-1)! };
}

/** Adam, one step a loss, its rate half a cosine wave and its gradients by differences. */
function adam(weights: Weights, losses: readonly ((weights: Weights) => number)[]): Weights {
  let numbers = numbersOf(weights);
  const means = numbers.map(() => 0);
  const variances = numbers.map(() => 0);
  for (const [step, loss] of losses.entries()) {
    const rate = RATE * 0.5 * (1 + Math.cos((Math.PI * step) / losses.length));
    const at = (index: number, value: number) => loss(weightsFrom(numbers.with(index, value)));
    numbers = numbers.map((value, index) => {
      const gradient = (at(index, value + 1e-5) - at(index, value - 1e-5)) / 2e-5;
      means[index] = 0.9 * means[index]! + 0.1 * gradient;
      variances[index] = 0.999 * variances[index]! + 0.001 * gradient ** 2;
      const mean = means[index]! / (1 - 0.9 ** (step + 1));
      const deviation = Math.sqrt(variances[index]! / (1 - 0.999 ** (step + 1)));
      return value - (rate * mean) / (deviation + 1e-8);
    });
  }
  return weightsFrom(numbers);
}

/** The weights of a path as they were trained: not at all. */
function weightsOf(block: number, path: readonly number[]): Weights {
  const gains = [...(block === 1 ? [1] : []), ...path.map((operation) => GAINS[operation]!)];
  return {
    layers: gains.map((gain) => [
      [gain, 0],
      [0, gain],
    ]),
    factor: 1,
  };
}

/** Images that each cell was given while rated, by the order in which they are read. */
function readsByCell(found: WitnessedRun, steps = 2): { fineTune: number[][]; rate: number[][] }[] {
  const reads = found.by('data', 'rank').map(({ images }) => images as unknown as number[]);
  const each = 1 + steps + 2;
  expect(reads).toHaveLength(each * CELLS.length);
  return CELLS.map((_, at) => {
    const own = reads.slice(at * each, (at + 1) * each);
    return { fineTune: own.slice(1, 1 + steps), rate: own.slice(1 + steps) };
  });
}

const ratings = (found: WitnessedRun, { block, cell }: { block: number; cell: number }) =>
  found.result(`rate-b${block}-c${cell}`).tensors.get('ratings')!.data;

describe('candidates that are fine-tuned before they are rated', () => {
  let found: WitnessedRun;

  beforeAll(async () => {
    found = await fineTuned();
  });

  it('are rated as they are behind two steps of Adam, with the layers behind them, in float64', () => {
    const reads = readsByCell(found);
    for (const [at, place] of CELLS.entries()) {
      const { fineTune, rate } = reads[at]!;
      ratings(found, place).forEach((rating, number) => {
        const path = pathOf(number, Array(place.layers).fill(GAINS.length));
        const before = weightsOf(place.block, path);
        const losses = fineTune.map(
          (images) => (weights: Weights) => divergence(weights, images, [SPLITS.train, place.block]),
        );
        const after = adam(before, losses);
        const expected = divergence(after, rate.flat(), [SPLITS.validation, place.block]);
        // A path that is the teacher's own has a gradient of nothing but rounding.
        if (path.every((operation) => operation === 0)) return;
        expect(Math.abs(rating / expected - 1)).toBeLessThan(2e-3);
      });
    }
  });

  it('each begin from the weights that were distilled, and from a new copy of the teacher', async () => {
    const modes = found.by('rest', 'rank').map(({ mode }) => mode as string);
    const paths = CELLS.reduce((sum, { layers }) => sum + GAINS.length ** layers, 0);
    const round = ['opened', 'train', 'train', 'calibrate', 'calibrate'];
    expect(modes).toEqual(Array.from({ length: paths }, () => round).flat());
  });

  it('are trained by a single step where that is asked for', async () => {
    const once = await fineTuned(['rank.fineTuneSteps=1']);
    const modes = once.by('rest', 'rank').map(({ mode }) => mode as string);
    expect(modes.slice(0, 4)).toEqual(['opened', 'train', 'calibrate', 'calibrate']);
  });

  it('are trained once where several are one network, and share its rating', async () => {
    const some = await fineTuned(['space.equals=true']);
    const opened = some.by('rest', 'rank').filter(({ mode }) => mode === 'opened');
    // Of two layers and three operations six pairs.
    expect(opened).toHaveLength(6 + 6 + 3 + 3);
    for (const place of CELLS) {
      const all = ratings(found, place);
      const choices = Array(place.layers).fill(GAINS.length) as number[];
      const expected = Array.from(all, (_, number) => {
        const path = pathOf(number, choices).toSorted((a, b) => a - b);
        return all[numberOfPath(path, choices)];
      });
      expect([...ratings(some, place)]).toEqual(expected);
    }
  });

  it('are rated as without it where nothing is learned', async () => {
    const still = await fineTuned(['rank.fineTuneLearningRate=1e-9']);
    const plain = await fineTuned(['rank.fineTuneSteps=0']);
    for (const place of CELLS) {
      const [untouched, found] = [plain, still].map((run) => ratings(run, place));
      found!.forEach((rating, number) => void expect(rating).toBeCloseTo(untouched![number]!, 5));
    }
  });

  it('are read by the running statistics where the rating says so', async () => {
    const running = await fineTuned(['rank.rating.statistics=running']);
    const modes = new Set(running.by('rest', 'rank').map(({ mode }) => mode as string));
    expect(modes).toEqual(new Set(['opened', 'train', 'evaluate']));
  });

  it('are forecast: three passes a step, through candidate and rest', async () => {
    const macs = async (set: readonly string[]) => {
      const { stages } = await planRun(witnessRequest([...SETTINGS, ...set]), { seconds: 0 });
      return stages.find(({ stage }) => stage === 'rank')!.macs;
    };
    /** Of one batch more, which the teacher sees once and every candidate so many times, with what is behind or without. */
    const batch = (passes: number, { behind }: { behind: boolean }) => {
      const each = CELLS.map(({ block, layers }) => {
        const own = block === 1 ? 576 * (layers + 1) : 144 * layers;
        return 3e6 + passes * GAINS.length ** layers * (own + (behind ? 1e6 * (3 - block) : 0));
      });
      return 8 * each.reduce((sum, one) => sum + one, 0);
    };
    const more = async (option: string, from: number) =>
      (await macs([`rank.${option}=${from + 1}`])) - (await macs([`rank.${option}=${from}`]));
    expect(await more('fineTuneSteps', 1)).toBeCloseTo(batch(3, { behind: true }), 3);
    expect(await more('batches', 1)).toBeCloseTo(batch(1, { behind: true }), 3);
    expect(await more('calibrationBatches', 1)).toBeCloseTo(batch(1, { behind: false }), 3);
  });

  it.each([
    [['rank.rating=relative-l1'], 'CONFIG_INVALID', /needs a rating that compares answers/],
    [['teacher.rests=false'], 'RATING_ANSWERS', /trains the teacher's layers .* teacher witness gives none/],
  ])('are refused before anything is trained, %j', async (set, code, message) => {
    const request = witnessRequest([...SETTINGS, ...set]);
    await expect(run(request, { inline: true })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});
