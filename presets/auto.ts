import type { Derivation, DerivationFacts, UserConfig } from 'dna-nas/configuration';
import type { DataDescription } from 'dna-nas/core/contracts';
import { grouped } from 'dna-nas/errors';

export const description =
  'A search that fits the images at hand: space, steps, rates and limits follow them.';

/**
 * A search on images of your own:
 *
 *     npx dna run --preset auto --set data.path=./photos --set teacher.weights=teacher.safetensors
 *
 * What depends on the data is derived from them by `derive`, and `dna config` shows each value with its reason. What
 * you set yourself stands over it. docs/results.md has it beside schedules of a person's.
 */
export default function auto(): UserConfig {
  return {
    name: 'auto',
    seed: 1,
    backend: 'auto',
    data: { use: 'imagenet' },
    teacher: { use: 'efficientnet' },
    partition: 'resolution',
    space: {
      use: 'mbconv',
      kernels: [3, 5],
      expansions: [3, 6],
      stem: { channels: 16, stride: 2, separable: 0 },
      blocks: blocksFor(64),
      head: 320,
    },
    supernet: { use: 'multi-cell', sampling: 'fair' },
    distill: {
      use: 'blockwise',
      loss: 'feature-mse',
      optimiser: { use: 'adam', weightDecay: 1e-4 },
      learningRate: { use: 'cosine', rate: 0.005 },
    },
    rank: { use: 'candidates' },
    search: 'exact',
    retrain: {
      use: 'scratch',
      dropout: 0.1,
      dropConnect: 0,
      labelSmoothing: 0.1,
      evaluateEvery: 0,
      optimiser: { use: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4 },
      learningRate: { use: 'cosine', rate: 0.1 },
    },
    reports: ['console', 'json', 'html'],
    smoke: { distill: { epochs: 1 }, rank: { batches: 1 }, retrain: { epochs: 1 } },
  };
}

/** What the images and the teacher settle. */
export async function derive({ data, teacher, medianCosts }: DerivationFacts): Promise<Derivation> {
  const blocks = blocksFor(data.image.height);
  const { macs } = await medianCosts({ space: { blocks } });
  const heldOut = heldOutWithoutLabels(data);
  const training = deriveTraining(heldOut ? { ...data, size: heldOut.size } : data);
  const side = data.image.height;
  const limit = roundUp(macs!);
  const wanted = preprocessingOf(data, teacher?.preprocessing);
  return {
    values: {
      ...training.values,
      space: { blocks },
      search: { limits: { macs: limit } },
      ...((wanted || heldOut) && { data: { ...wanted, ...heldOut?.values } }),
    },
    reasons: {
      ...training.reasons,
      'space.blocks': `${blocks.length} blocks take images of ${side}×${side} to ${lastSide(side, blocks)}×${lastSide(side, blocks)}`,
      'search.limits.macs': 'half of the space’s networks need less, so that there is something to choose',
      ...heldOut?.reasons,
      ...(wanted &&
        Object.fromEntries(
          Object.keys(wanted).map((name) => [`data.${name}`, `as ${teacher!.name} was trained`]),
        )),
    },
  };
}

/** Steps that a training needs on few images, and the power of their number by which they grow. */
const FEW_IMAGES = 200;
const STEPS = { distill: { few: 600, growth: 0.25 }, retrain: { few: 2000, growth: 0.35 } };
/** Passes that are worth their time at most; and at least, on many images. */
const MOST_EPOCHS = 150;
const FEWEST_EPOCHS = 1;
/** Images that tell two candidates apart; more cost time. */
const RATED_IMAGES = 1024;
/** Rate of stochastic gradient descent for a batch of 64; of others by the root of their size. */
const RATE = 0.15;

/** What the plugin of image folders holds out of a class. Images without labels are one class to it. */
const HELD_OUT_OF_A_CLASS = 50;

/** Without labels, images are held out of all together: so many as rate, of few a quarter. */
function heldOutWithoutLabels({ labels, size }: DataDescription) {
  const all = size.train + size.validation;
  const known = Math.min(HELD_OUT_OF_A_CLASS, Math.max(1, Math.floor(all / 4)));
  if (labels !== false || size.validation !== known) return undefined;
  const heldOutPerClass = Math.max(1, Math.min(RATED_IMAGES, Math.floor(all / 4)));
  return {
    size: { ...size, train: all - heldOutPerClass, validation: heldOutPerClass },
    values: { heldOutPerClass },
    reasons: {
      'data.heldOutPerClass': `of all ${grouped(all)} images that are not tested on, as they have no labels`,
    },
  };
}

function deriveTraining({ size, labels }: DataDescription): Derivation {
  const { train, validation } = size;
  const batch = batchFor(train);
  const stepsAnEpoch = Math.max(1, Math.floor(train / batch));
  const distill = epochsFor(STEPS.distill, { train, stepsAnEpoch });
  const retrain = epochsFor(STEPS.retrain, { train, stepsAnEpoch });
  const ratingBatch = Math.min(64, validation);
  const batches = Math.max(1, Math.ceil(Math.min(validation, RATED_IMAGES) / ratingBatch));
  const rate = Number((RATE * Math.sqrt(batch / 64)).toPrecision(2));
  const warmUpEpochs = Number((retrain.epochs / 20).toPrecision(2));
  const images = `${grouped(train)} training images`;
  return {
    values: {
      distill: { epochs: distill.epochs, batch },
      rank: { batch: ratingBatch, batches },
      retrain: {
        epochs: retrain.epochs,
        batch,
        learningRate: { use: 'cosine', rate, warmUpEpochs },
        ...(labels === false && { distill: 'logits' }),
      },
    },
    reasons: {
      'distill.batch': `about a sixteenth of the ${images}, from 16 to 64`,
      'distill.epochs': distill.reason,
      'rank.batch': 'as many as are fast, of those that there are',
      'rank.batches': `at most ${grouped(RATED_IMAGES)} of ${grouped(validation)} validation images rate`,
      'retrain.batch': `about a sixteenth of the ${images}, from 16 to 64`,
      'retrain.epochs': retrain.reason,
      'retrain.learningRate.rate': '0.15 for a batch of 64, by the root of the batch',
      'retrain.learningRate.warmUpEpochs': 'a twentieth of the training',
      ...(labels === false && { 'retrain.distill': 'the images have no labels' }),
    },
  };
}

/**
 * The power of two next to a sixteenth of the images. On 300 images steps of 16 reached what as many of 32 did, for half
 * the work.
 */
function batchFor(train: number): number {
  const power = Math.round(Math.log2(Math.max(1, train / 16)));
  return Math.min(train, 64, Math.max(16, 2 ** power));
}

function epochsFor(
  { few, growth }: { few: number; growth: number },
  { train, stepsAnEpoch }: { train: number; stepsAnEpoch: number },
): { epochs: number; reason: string } {
  const wanted = few * Math.max(1, train / FEW_IMAGES) ** growth;
  const exact = Math.min(MOST_EPOCHS, Math.max(FEWEST_EPOCHS, wanted / stepsAnEpoch));
  const epochs = exact < 10 ? Math.ceil(exact * 10) / 10 : Math.ceil(exact);
  const steps = Math.round(epochs * stepsAnEpoch);
  const bound =
    exact === MOST_EPOCHS
      ? ', the most that are worth their time'
      : exact === FEWEST_EPOCHS
        ? ', one pass'
        : '';
  return { epochs, reason: `${grouped(steps)} steps, ${stepsAnEpoch} an epoch${bound}` };
}

/** Mean, deviation and crop by which the teacher's images were made ready, if its channels are the data's. */
function preprocessingOf({ image }: DataDescription, known: Preprocessing) {
  if (!known || known.mean.length !== image.channels) return undefined;
  const { mean, std, crop, interpolation, cropMode } = known;
  return { mean, std, evaluation: { crop, interpolation, ...(cropMode && { cropMode }) } };
}

type Preprocessing = NonNullable<DerivationFacts['teacher']>['preprocessing'];

/** Cells of the blocks from the front, as layers and channels. */
const CELLS = [
  [3, 12, 2, 16, 2, 24],
  [3, 24, 2, 32, 2, 40],
  [3, 40, 2, 56, 2, 72],
  [3, 64, 2, 88, 2, 112],
] as const;

/** Side of the last feature maps that is aimed at: less has lost where things are, more costs. */
const LAST_SIDE = 4.5;

/**
 * Three blocks, or four for large images, whose strides leave a last feature map of four to seven pixels a side. The stem
 * halves images too.
 */
function blocksFor(side: number) {
  const halvings = Math.max(1, Math.min(4, Math.round(Math.log2(side / LAST_SIDE)) - 1));
  const count = Math.max(3, halvings);
  return CELLS.slice(0, count).map((table, block) => ({
    stride: strides(count, halvings)[block]!,
    cells: [0, 2, 4].map((at) => ({ layers: table[at]!, channels: table[at + 1]! })),
  }));
}

/** Halvings from the front, the last block always among them. */
function strides(count: number, halvings: number): number[] {
  return Array.from({ length: count }, (_, block) => (block < halvings - 1 || block === count - 1 ? 2 : 1));
}

function lastSide(side: number, blocks: readonly { stride: number }[]): number {
  return blocks.reduce((now, { stride }) => Math.ceil(now / stride), Math.ceil(side / 2));
}

/** Two digits, not below. */
function roundUp(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit) * unit;
}
