import type { RandomStream } from 'dna-nas/core';
import type { Dataset, FeatureShape, ForwardContext } from 'dna-nas/core/contracts';
import type { TaskState } from 'dna-nas/core/stages';
import { Module, tf } from 'dna-nas/nn';
import { Linear } from 'dna-nas/nn/layers';
import type { EfficientNet } from 'dna-nas/nn/networks';
import { sgd } from 'dna-nas/nn/optimisers';
import { cosine } from 'dna-nas/nn/schedules';
import { BatchOrder, ClassifierTrainer } from 'dna-nas/nn/training';
import { type PooledFeatures, pooledFeatures } from './pooled-features.js';

export interface FitOptions {
  readonly steps: number;
  readonly random: RandomStream;
  /** Where it was stopped. */
  readonly saved: TaskState | undefined;
  /** Called between two units of work; may throw. */
  saveIfDue(step: number, state: () => TaskState): Promise<void>;
}

/** More images in a step tell no more of where to go. */
const MOST_BATCH = 1024;
/** Of features whose mean squared length is 1. */
const RATE = 4;
const MOMENTUM = 0.9;

/**
 * Trains the classifier of a network alone, on features of the frozen rest that are computed once: a regression by the
 * softmax, whose weights decay as in scikit-learn's with C = 1.
 */
export async function fitClassifier(
  network: EfficientNet,
  dataset: Dataset,
  { steps, random, saved, saveIfDue }: FitOptions,
): Promise<void> {
  const { classes } = dataset.description;
  const classifier = new Classifier({ inputs: network.spec.head, outputs: classes });
  classifier.initialise(random.fork('initialise'));
  let trainer: ClassifierTrainer | undefined;
  const begun = (): TaskState => ({
    json: { phase: 'frozen', step: trainer?.step ?? 0 },
    tensors: trainer?.state() ?? saved?.tensors ?? new Map(),
  });
  try {
    const features = await pooledFeatures(network, dataset, () => saveIfDue(0, saved ? () => saved : begun));
    const scaling = standardise(features);
    const { length: images } = features.labels;
    const order = new BatchOrder(random.fork('order'), images, Math.min(MOST_BATCH, images));
    trainer = new ClassifierTrainer({
      ...{ network: classifier, image: imageOf(features), labelSmoothing: 0, random },
      optimiser: sgd({
        ...{ momentum: MOMENTUM, nesterov: true },
        weightDecay: 1 / (images * scaling.length ** 2),
      }),
      learningRate: cosine({ rate: RATE, epochs: steps }),
    });
    if (saved && Number(saved.json.step) > 0) trainer.load(Number(saved.json.step), saved.tensors);
    while (trainer.step < steps) {
      trainer.train(batchOf(features, order.indices(trainer.step)));
      await saveIfDue(trainer.step, begun);
    }
    adopt(network, classifier, scaling);
  } finally {
    trainer?.dispose();
    classifier.dispose();
  }
}

/** What the rest puts out for one image, as an image of one pixel. */
function imageOf({ width }: PooledFeatures): FeatureShape {
  return { height: 1, width: 1, channels: width };
}

/** A classifier of images of one pixel. Tensors: `classifier.weight`, `classifier.bias`. */
class Classifier extends Module {
  static override readonly repeatable = true;
  readonly #linear: Linear;

  constructor(options: { readonly inputs: number; readonly outputs: number }) {
    super();
    this.#linear = this.child('classifier', new Linear(options));
  }

  override forward(x: tf.Tensor, context: ForwardContext): tf.Tensor {
    return tf.tidy(() => this.#linear.forward(tf.reshape(x, [x.shape[0]!, x.shape[3]!]), context));
  }

  override trace(input: FeatureShape) {
    return this.#linear.trace(input);
  }
}

interface Scaling {
  readonly mean: Float64Array;
  /** Root of the mean squared length of features around their mean. */
  readonly length: number;
}

/** Moves the features to their mean and makes their mean squared length 1, in place: then one rate fits all teachers. */
function standardise({ values, labels, width }: PooledFeatures): Scaling {
  const mean = new Float64Array(width);
  for (let at = 0; at < values.length; at++) mean[at % width]! += values[at]! / labels.length;
  let squares = 0;
  for (let at = 0; at < values.length; at++) squares += (values[at]! - mean[at % width]!) ** 2;
  const length = Math.sqrt(squares / labels.length) || 1;
  for (let at = 0; at < values.length; at++) values[at] = (values[at]! - mean[at % width]!) / length;
  return { mean, length };
}

function batchOf({ values, labels, width }: PooledFeatures, indices: Uint32Array) {
  const images = new Float32Array(indices.length * width);
  indices.forEach((index, at) => {
    images.set(values.subarray(index * width, (index + 1) * width), at * width);
  });
  return { images, labels: Int32Array.from(indices, (index) => labels[index]!) };
}

/** Gives the network a classifier of features as they are that does what the one of scaled features does. */
function adopt(network: EfficientNet, classifier: Classifier, { mean, length }: Scaling): void {
  const [weight, bias] = ['classifier.weight', 'classifier.bias'].map((name) =>
    Float32Array.from(classifier.tensors().get(name)!.value.dataSync() as Float32Array),
  ) as [Float32Array, Float32Array];
  const classes = bias.length;
  for (let at = 0; at < weight.length; at++) {
    weight[at] = weight[at]! / length;
    bias[at % classes]! -= weight[at]! * mean[Math.floor(at / classes)]!;
  }
  network.tensors().get('classifier.weight')!.set(weight);
  network.tensors().get('classifier.bias')!.set(bias);
}
