import {
  type Batch,
  BatchOrder,
  type Dataset,
  type FeatureShape,
  type RandomStream,
  randomStream,
} from 'dna-nas/core';
import {
  disposeGradients,
  type EfficientNet,
  gradients,
  schedules,
  sgd,
  softmaxCrossEntropy,
  tf,
} from 'dna-nas/nn';

export interface TrainRecipe {
  readonly epochs: number;
  readonly batch: number;
  /** Highest learning rate, reached after the warm-up; it falls to 0 along half a cosine wave. */
  readonly learningRate: number;
  readonly warmUpEpochs: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly labelSmoothing: number;
  readonly seed: number;
}

export interface TrainedEpoch {
  readonly epoch: number;
  readonly epochs: number;
  /** Mean over the epoch's steps. */
  readonly loss: number;
  readonly seconds: number;
}

/** Trains a network from scratch on the training split, on the current backend: SGD with Nesterov momentum. */
export async function trainTeacher(
  network: EfficientNet,
  dataset: Dataset,
  options: { recipe: TrainRecipe; told: (epoch: TrainedEpoch) => void },
): Promise<void> {
  const { recipe, told } = options;
  const random = randomStream(recipe.seed).fork('teacher');
  network.initialise(random.fork('initialise'));
  const order = new BatchOrder(random.fork('order'), dataset.description.size.train, recipe.batch);
  const step = createStep(network, recipe, order.stepsPerEpoch);
  for (let epoch = 0; epoch < recipe.epochs; epoch++) {
    const began = performance.now();
    let sum = 0;
    for (let inEpoch = 0; inEpoch < order.stepsPerEpoch; inEpoch++) {
      const index = epoch * order.stepsPerEpoch + inEpoch;
      const augment = random.fork('augment', index);
      const batch = await dataset.read('train', order.indices(index), { augment });
      sum += step(batch, { index, random: random.fork('draws', index), image: dataset.description.image });
    }
    const seconds = (performance.now() - began) / 1000;
    told({ epoch: epoch + 1, epochs: recipe.epochs, loss: sum / order.stepsPerEpoch, seconds });
  }
}

/** One optimiser step; returns the loss. */
type Step = (batch: Batch, at: { index: number; random: RandomStream; image: FeatureShape }) => number;

function createStep(network: EfficientNet, recipe: TrainRecipe, stepsPerEpoch: number): Step {
  const optimiser = sgd({ momentum: recipe.momentum, nesterov: true, weightDecay: recipe.weightDecay });
  const cosine = schedules.cosine({ rate: recipe.learningRate, epochs: recipe.epochs });
  const rate = schedules.warmUp(cosine, { epochs: recipe.warmUpEpochs });
  const parameters = network.parameters();
  return (batch, { index, random, image }) => {
    const images = tf.tensor4d(batch.images, [
      batch.labels.length,
      image.height,
      image.width,
      image.channels,
    ]);
    const labels = tf.tensor1d(batch.labels, 'int32');
    const result = gradients(() => {
      const logits = network.forward(images, { mode: 'train', random });
      return softmaxCrossEntropy(logits, labels, { smoothing: recipe.labelSmoothing });
    }, parameters);
    optimiser.step(parameters, result.gradients, rate((index + 1) / stepsPerEpoch));
    const loss = result.value.dataSync()[0]!;
    disposeGradients(result);
    tf.dispose([images, labels]);
    return loss;
  };
}
