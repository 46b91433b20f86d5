// Faults that someone could put between the parts of the method: which images, rates, paths and weights reach which
// step. Each as a change of the built text, and the tests that must fail by it. `from` stands exactly once in the file.

const DISTILL = 'test/wiring/distill.test.ts';
const RANK = 'test/wiring/rank.test.ts';
const PROGRESSIVE = 'test/wiring/progressive.test.ts';
const RETRAIN = 'test/wiring/retrain.test.ts';
const NETWORKS = 'test/search-exact/networks.test.ts';
const COMPARED = 'test/retrain/comparisons.test.ts';
const MEASURED = 'test/retrain/measured-run.test.ts';

/** What a difference has for an interval where the networks are taken for tested on images of their own. */
const UNPAIRED = `(() => {
        const [p, q] = [ofOne, ofOther].map((bits) => bits.reduce((sum, bit) => sum + bit, 0) / images);
        const half = 1.96 * Math.sqrt((p * (1 - p) + q * (1 - q)) / images);
        return [p - q - half, p - q + half];
    })()`;

export const METHOD_FAULTS = [
  {
    fault: 'a distillation step takes the rate of the next one',
    file: 'plugins/distill/single-path-step.js',
    from: 'dependencies.learningRate(step)',
    to: 'dependencies.learningRate(step + 1)',
    test: DISTILL,
  },
  {
    fault: 'every path of a step sees the first share of the batch',
    file: 'plugins/distill/single-path-step.js',
    from: '[index * rows, 0, 0, 0]',
    to: '[0, 0, 0, 0]',
    test: DISTILL,
  },
  {
    fault: 'a path sees the input of its share and the target of the first',
    file: 'plugins/distill/single-path-step.js',
    from: 'tf.slice(map, [index * rows, 0, 0, 0]',
    to: 'tf.slice(map, [map === target ? 0 : index * rows, 0, 0, 0]',
    test: DISTILL,
  },
  {
    fault: 'every path of a step is drawn alike',
    file: 'plugins/distill/single-path-step.js',
    from: 'const draw = step * paths + index;',
    to: 'const draw = step * paths;',
    test: DISTILL,
  },
  {
    fault: 'factors on the rate are taken by cell',
    file: 'plugins/distill/cell-trainer.js',
    from: 'options.learningRateFactors[block]',
    to: 'options.learningRateFactors[cell]',
    test: DISTILL,
  },
  {
    fault: 'distill.augment is inverted',
    file: 'plugins/distill/train-cells.js',
    from: 'options.augment ? {',
    to: '!options.augment ? {',
    test: DISTILL,
  },
  {
    fault: 'every step augments alike',
    file: 'plugins/distill/train-cells.js',
    from: 'augment.fork(step)',
    to: 'augment.fork(0)',
    test: DISTILL,
  },
  {
    fault: 'a schedule is told that an epoch has all steps',
    file: 'plugins/distill/train-cells.js',
    from: 'stepsPerEpoch: plan.order.stepsPerEpoch',
    to: 'stepsPerEpoch: plan.steps',
    test: DISTILL,
  },
  {
    fault: 'fair sampling uses one order for all layers',
    file: 'plugins/supernet-multi-cell/samplers.js',
    from: 'random.fork(group, layer).permutation(count)',
    to: 'random.fork(group).permutation(count)',
    test: 'test/plugins/path-samplers.test.ts',
  },
  {
    fault: 'a block is priced on the first input shape, whatever the block before',
    file: 'plugins/search-exact/space-problem.js',
    from: 'space.priceBlock(index, choice, input)',
    to: 'space.priceBlock(index, choice, inputs[0])',
    test: NETWORKS,
  },
  {
    fault: 'the random network may have twice the limit',
    file: 'plugins/search-exact/random-network.js',
    from: 'cost > limits[index]',
    to: 'cost > 2 * limits[index]',
    test: NETWORKS,
  },
  {
    fault: 'the random network may be of any cost',
    file: 'plugins/search-exact/random-network.js',
    from: 'const TOLERANCE = 0.02;',
    to: 'const TOLERANCE = 2;',
    test: NETWORKS,
  },
  {
    fault: "blue is divided by green's deviation in augmented images",
    file: 'plugins/data-imagenet/image-producer.js',
    from: '(pixels[at + 2] - b) / db',
    to: '(pixels[at + 2] - b) / dg',
    test: 'test/data-imagenet/augmentations.test.ts',
  },
  {
    fault: 'images of another size reach the teacher as they are',
    file: 'nn/features/boundaries.js',
    from: 'resizeFeatures(images, teacher.description.input)',
    to: 'images.clone()',
    test: DISTILL,
  },
  {
    fault: 'a block is rated behind the worst kept path',
    file: 'plugins/distill/strategies/student-input.js',
    from: 'const { cell: number, path } = candidates[0];',
    to: 'const { cell: number, path } = candidates.at(-1);',
    test: PROGRESSIVE,
  },
  {
    fault: 'candidates are rated on training images',
    file: 'plugins/rank-candidates/rate-task.js',
    from: "{ split: 'validation', batch, count: batches }",
    to: "{ split: 'train', batch, count: batches }",
    test: RANK,
  },
  {
    fault: 'statistics are calibrated on validation images',
    file: 'plugins/rank-candidates/open-batches.js',
    from: "'calibration', { split, batch",
    to: "'calibration', { split: 'validation', batch",
    test: RANK,
  },
  {
    fault: 'label smoothing never arrives',
    file: 'plugins/retrain-scratch/create-trainer.js',
    from: 'labelSmoothing,\n        parts,',
    to: 'labelSmoothing: 0,\n        parts,',
    test: RETRAIN,
  },
  {
    fault: 'dropout and drop-connect are swapped',
    file: 'plugins/retrain-scratch/create-trainer.js',
    from: 'dropout, dropConnect }',
    to: 'dropout: dropConnect, dropConnect: dropout }',
    test: RETRAIN,
  },
  {
    fault: 'with evaluateEvery 0 the trained weights are saved instead of their average',
    file: 'plugins/retrain-scratch/commit-network.js',
    from: 'trainer.finish();',
    to: 'if (options.evaluateEvery > 0) trainer.finish();',
    test: RETRAIN,
  },
  {
    fault: 'retrain.augment is inverted',
    file: 'plugins/retrain-scratch/batch-reader.js',
    from: 'options.augment ? {',
    to: '!options.augment ? {',
    test: RETRAIN,
  },
  {
    fault: 'every part of a batch is the first one',
    file: 'plugins/retrain-scratch/batch-reader.js',
    from: 'slice(part * microBatch, (part + 1) * microBatch)',
    to: 'slice(0, microBatch)',
    test: RETRAIN,
  },
  {
    fault: 'the teacher is measured on validation images',
    file: 'plugins/retrain-scratch/evaluate-teacher.js',
    from: "split: 'test'",
    to: "split: 'validation'",
    test: RETRAIN,
  },
  {
    fault: 'networks are measured on validation images',
    file: 'plugins/retrain-scratch/evaluator.js',
    from: "split: 'test'",
    to: "split: 'validation'",
    test: RETRAIN,
  },
  {
    fault: 'dropout has the same mask in every step',
    file: 'nn/training/classifier-trainer.js',
    from: ': random.fork(this.step);',
    to: ': random.fork(0);',
    test: RETRAIN,
  },
  {
    fault: 'every step of the retraining augments alike',
    file: 'plugins/retrain-scratch/batch-reader.js',
    from: "random.fork('augment', step,",
    to: "random.fork('augment', 0,",
    test: RETRAIN,
  },
  {
    fault: 'every part of a batch has the same mask',
    file: 'nn/training/classifier-trainer.js',
    from: 'random.fork(this.step, part)',
    to: 'random.fork(this.step, 0)',
    test: RETRAIN,
  },
  {
    fault: 'a retraining step takes the rate of the next one',
    file: 'nn/training/classifier-trainer.js',
    from: 'learningRate(this.step)',
    to: 'learningRate(this.step + 1)',
    test: RETRAIN,
  },
  {
    fault: 'the found network is compared on images that are one off',
    file: 'accuracy/compare-measured.js',
    from: 'right > ofOther[image]',
    to: 'right > ofOther[image + 1]',
    test: COMPARED,
  },
  {
    fault: 'the interval of a difference takes the networks for unpaired',
    file: 'accuracy/compare-measured.js',
    from: 'pairedInterval({ first, second, images })',
    to: UNPAIRED,
    test: COMPARED,
  },
  {
    fault: 'a difference has the other sign than its interval',
    file: 'accuracy/compare-measured.js',
    from: '(first - second) / images',
    to: '(second - first) / images',
    test: COMPARED,
  },
  {
    fault: 'the images that were right start anew in each batch',
    file: 'accuracy/image-bits.js',
    from: 'const image = count + index;',
    to: 'const image = index;',
    test: COMPARED,
  },
  {
    fault: 'the images that were right are those of the weights before their average',
    file: 'plugins/retrain-scratch/evaluator.js',
    from: '? [averaged, classify]',
    to: '? [classify, averaged]',
    test: MEASURED,
  },
  {
    fault: "the random networks' own spread is left out of the difference to their mean",
    file: 'accuracy/standing-interval.js',
    from: 'Math.max(ofNetworks, ofImages)',
    to: 'ofImages',
    test: COMPARED,
  },
];
