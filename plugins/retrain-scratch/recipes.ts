import type { Json, JsonObject } from 'dna-nas/core';

/** The recipes on record for retraining the paper's networks on ImageNet. */
const NAMES = ['paper', 'published-script', 'authors-2021'] as const;
export type RecipeName = (typeof NAMES)[number];

/** 128 images a device, of which batch norm sees each lot on its own; the batch is 32 or 8 devices'. */
const DEVICE = 128;
const FLIP = { flip: 0.5 };
const jitter = (reach: number) => ({ brightness: reach, contrast: reach, saturation: reach });

/**
 * One column a recipe, in the order of the names. `paper`: batch, rate, optimiser and AutoAugment are its authors'
 * words, the rest is EfficientNet's. `published-script`: the script beside the published code. `authors-2021`: the
 * script with what its authors changed later (drop path, RandAugment, random erasing), whose strengths they did not
 * state: timm's for EfficientNet. They name a stronger jitter of colours too, which timm leaves out beside RandAugment.
 * Both scripts are timm's, whose rates are set once an epoch.
 */
// biome-ignore format: a table
const TABLE: Readonly<Record<string, readonly [paper: Json, script: Json, authors: Json]>> = {
  'retrain.epochs':                     [500,       500,       500],
  'retrain.batch':                      [4096,      1024,      1024],
  'retrain.microBatch':                 [DEVICE,    DEVICE,    DEVICE],
  'retrain.optimiser.use':              ['rmsprop', 'rmsprop', 'rmsprop'],
  'retrain.optimiser.epsilon':          [1e-3,      1e-3,      1e-3],
  'retrain.optimiser.decay':            [0.9,       0.9,       0.9],
  'retrain.optimiser.momentum':         [0.9,       0.9,       0.9],
  'retrain.optimiser.weightDecay':      [1e-5,      1e-4,      1e-4],
  'retrain.learningRate.use':           ['step',    'step',    'step'],
  'retrain.learningRate.rate':          [0.256,     0.064,     0.064],
  'retrain.learningRate.factor':        [0.97,      0.963,     0.963],
  'retrain.learningRate.every':         [2.4,       3,         3],
  'retrain.learningRate.warmUpEpochs':  [5,         5,         5],
  'retrain.learningRate.warmUpFrom':    [0,         1e-4,      1e-4],
  'retrain.learningRate.warmUpBy':      ['step',    'epoch',   'epoch'],
  'retrain.dropout':                    [0.2,       0.2,       0.2],
  'retrain.dropConnect':                [0.2,       0.2,       0.2],
  'retrain.labelSmoothing':             [0.1,       0.1,       0.1],
  'retrain.mixup':                      [0,         0,         0],
  'retrain.movingAverage':              [0.9999,    0.9998,    0.9998],
  'retrain.movingAverageWarmUp':        [true,      false,     false],
  'retrain.batchNormMomentum':          [0.01,      0.1,       0.1],
  'retrain.batchNormEpsilon':           [1e-3,      1e-5,      1e-5],
  'data.retrainAugment': [
    { ...FLIP, autoAugment: 'v0' },
    { ...FLIP, colourJitter: jitter(0.06) },
    { ...FLIP, randAugment: 'rand-m9-mstd0.5', erase: { probability: 0.2, fill: 'pixel' } },
  ],
};

/** The recipes by name, each as a configuration file would say it. */
export const RECIPES = Object.fromEntries(NAMES.map((name, column) => [name, bundle(column)])) as Readonly<
  Record<RecipeName, JsonObject>
>;

function bundle(column: number): JsonObject {
  return Object.entries(TABLE).reduce<JsonObject>(
    (tree, [path, row]) => planted(tree, path.split('.'), row[column]!),
    {},
  );
}

/** The tree with a value at a path. */
function planted(tree: JsonObject, [key, ...rest]: readonly string[], value: Json): JsonObject {
  const below = (tree[key!] ?? {}) as JsonObject;
  return { ...tree, [key!]: rest.length > 0 ? planted(below, rest, value) : value };
}
