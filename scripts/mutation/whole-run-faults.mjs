// Faults that someone could put into the method, which whole runs must find that are compared with an independent
// implementation. Each is a change of the built text; `from` stands exactly once in the file.

const WHOLE = 'test/whole-run/wasm.test.ts';

/** One change of one file, found by the whole runs. */
const inWholeRun = (fault, file, from, to) => ({ fault, file: `${file}.js`, from, to, test: WHOLE });

const STEP = 'plugins/distill/single-path-step';
const CELL = 'plugins/distill/cell-trainer';
const CELLS = 'plugins/distill/train-cells';
const INPUT = 'plugins/distill/strategies/student-input';
const RATE = 'plugins/rank-candidates/rate-task';
const BATCHES = 'plugins/rank-candidates/open-batches';
const IMAGES = 'plugins/data-imagenet/image-producer';
const RETRAIN = 'plugins/retrain-scratch/create-trainer';
const READER = 'plugins/retrain-scratch/batch-reader';
const COMMIT = 'plugins/retrain-scratch/commit-network';
const CLASSIFIER = 'nn/training/classifier-trainer';
const NORM = 'nn/layers/batch-norm';

export const WHOLE_RUN_FAULTS = [
  inWholeRun(
    'a step has the rate of the next',
    STEP,
    'dependencies.learningRate(step)',
    'dependencies.learningRate(step + 1)',
  ),
  inWholeRun('every path sees the first share of the batch', STEP, '[index * rows, 0, 0, 0]', '[0, 0, 0, 0]'),
  inWholeRun('every path of a step is the first', STEP, 'step * paths + index', 'step * paths'),
  inWholeRun(
    'rate factors are taken by cell',
    CELL,
    'learningRateFactors[block]',
    'learningRateFactors[cell]',
  ),
  inWholeRun('distill.augment is inverted', CELLS, 'options.augment ?', '!options.augment ?'),
  inWholeRun(
    'all steps are one epoch',
    CELLS,
    'stepsPerEpoch: plan.order.stepsPerEpoch',
    'stepsPerEpoch: plan.steps',
  ),
  inWholeRun('every step is augmented alike', CELLS, 'augment.fork(step)', 'augment.fork(0)'),
  inWholeRun(
    'the fair sampler uses one order for all layers',
    'plugins/supernet-multi-cell/samplers',
    'random.fork(group, layer)',
    'random.fork(group)',
  ),
  inWholeRun(
    'each block is priced on the first input shape',
    'plugins/search-exact/space-problem',
    'space.priceBlock(index, choice, input)',
    'space.priceBlock(index, choice, inputs[0])',
  ),
  inWholeRun(
    'the random network may have twice the limit',
    'plugins/search-exact/random-network',
    'cost > limits[index]',
    'cost > 2 * limits[index]',
  ),
  inWholeRun(
    "blue is divided by green's deviation",
    IMAGES,
    '(pixels[at + 2] - b) / db',
    '(pixels[at + 2] - b) / dg',
  ),
  inWholeRun(
    'the augmentation of the other stage is used',
    IMAGES,
    'this.#augmentations[stage]',
    "this.#augmentations[stage === 'retrain' ? 'distill' : 'retrain']",
  ),
  inWholeRun(
    "the running variance behind a strided depthwise counts its input's pixels",
    'nn/layers/mb-conv',
    '[inner, outer, outer]',
    '[inner, inner, outer]',
  ),
  inWholeRun(
    'images of another size reach the teacher unresized',
    'nn/features/boundaries',
    'resizeFeatures(images, teacher.description.input)',
    'images.clone()',
  ),
  inWholeRun('blocks are rated behind the worst kept path', INPUT, 'candidates[0]', 'candidates.at(-1)'),
  inWholeRun("a block's input is rated by training statistics", INPUT, 'statistics.restore(buffers);', ''),
  inWholeRun(
    'S1 rates behind other weights than its own',
    INPUT,
    '?.[0];',
    "?.[0] ?? ['train', 'b' + (block + 1), 'c' + (number + 1)].join('-');",
  ),
  inWholeRun(
    'the worst paths of a block are kept',
    'plugins/distill/strategies/best-candidates',
    'all.slice(0, count)',
    'all.slice(-count)',
  ),
  inWholeRun(
    'ratings are not calibrated',
    'plugins/rank-candidates/cell-rater',
    'this.#statistics.get(nodeName(node))?.restore(this.#buffers(node));',
    '',
  ),
  inWholeRun(
    'the last batch alone calibrates',
    'nn/training/kept-statistics',
    'share === 1 ? value.clone() :',
    'share >= 1 ? value.clone() :',
  ),
  inWholeRun('rating sees training images', RATE, "{ split: 'validation'", "{ split: 'train'"),
  inWholeRun(
    'calibration sees validation images',
    BATCHES,
    "'calibration', { split, batch",
    "'calibration', { split: 'validation', batch",
  ),
  inWholeRun(
    'label smoothing never arrives',
    RETRAIN,
    '        labelSmoothing,\n',
    '        labelSmoothing: 0,\n',
  ),
  inWholeRun(
    'dropout and drop-connect are swapped',
    RETRAIN,
    'classes: data.classes, dropout, dropConnect }',
    'classes: data.classes, dropout: dropConnect, dropConnect: dropout }',
  ),
  inWholeRun("the retraining's batch norms are the space's", RETRAIN, 'batchNorm: {', 'batchNorms: {'),
  inWholeRun(
    'the found and the random network begin alike',
    RETRAIN,
    "fork('retrain', name,",
    "fork('retrain', 'found',",
  ),
  inWholeRun(
    'without measurements between, raw weights are saved',
    COMMIT,
    'trainer.finish();',
    'if (options.evaluateEvery > 0) trainer.finish();',
  ),
  inWholeRun('retrain.augment is inverted', READER, 'options.augment ?', '!options.augment ?'),
  inWholeRun('parts of a batch are the first part', READER, 'part * microBatch, (part + 1)', '0, (0 + 1)'),
  inWholeRun(
    "retraining reads the distillation's augmentation",
    READER,
    "stage: 'retrain'",
    "stage: 'distill'",
  ),
  inWholeRun(
    'the teacher is measured on validation images',
    'plugins/retrain-scratch/evaluate-teacher',
    "split: 'test'",
    "split: 'validation'",
  ),
  inWholeRun(
    'networks are measured on validation images',
    'plugins/retrain-scratch/evaluator',
    "split: 'test'",
    "split: 'validation'",
  ),
  inWholeRun(
    'every step has the same dropout mask',
    CLASSIFIER,
    ': random.fork(this.step);',
    ': random.fork(0);',
  ),
  inWholeRun(
    'every part has the same dropout mask',
    CLASSIFIER,
    'random.fork(this.step, part)',
    'random.fork(this.step)',
  ),
  inWholeRun(
    'the moving average lags a step',
    CLASSIFIER,
    'this.#average?.update();\n        this.step++;',
    'if (this.step++) this.#average?.update();',
  ),
  inWholeRun("parts' running statistics are the last part's", CLASSIFIER, 'this.#buffers.apply();', ';'),
  inWholeRun(
    'gradients are averaged over the paths that use them',
    'nn/optimisers/gradient-mean',
    'div(sum, passes)',
    'sum',
  ),
  inWholeRun(
    'one-dimensional parameters decay',
    'nn/module',
    'options.decay ?? shape.length > 1',
    'options.decay ?? true',
  ),
  inWholeRun('running variances are biased', NORM, 'return count / (count - 1);', 'return 1;'),
  inWholeRun(
    'drop-connect does not rise',
    'nn/networks/efficientnet',
    '?? 0) * index) / count',
    '?? 0) * count) / count',
  ),
  inWholeRun(
    'squeezed channels are a share of the inner ones',
    'nn/layers/mb-conv',
    'Math.round(inputChannels * squeezeExcite)',
    'Math.round(channels * squeezeExcite)',
  ),
  inWholeRun('a warm-up shifts the schedule', 'nn/schedules/warm-up', 'shift = false', 'shift = true'),
  inWholeRun(
    'what is left of an epoch is not left out',
    'nn/training/data-order',
    '(step % this.stepsPerEpoch) * this.batch',
    'step * this.batch % (this.images - this.batch + 1)',
  ),
  inWholeRun(
    'mixup blends each image with itself',
    'nn/training/mixup',
    'mul(reverse(x, 0), 1 - share)',
    'mul(x, 1 - share)',
  ),
];
