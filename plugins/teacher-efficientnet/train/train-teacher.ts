import { type RandomStream, randomStream } from 'dna-nas/core';
import type { Dataset, FeatureShape } from 'dna-nas/core/contracts';
import { EVALUATE, type tf } from 'dna-nas/nn';
import type { EfficientNet } from 'dna-nas/nn/networks';
import { sgd } from 'dna-nas/nn/optimisers';
import type { Schedule } from 'dna-nas/nn/schedules';
import * as schedules from 'dna-nas/nn/schedules';
import { BatchOrder, ClassifierTrainer, splitAccuracy } from 'dna-nas/nn/training';
import type { TrainingFile } from './training-file.js';

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

export interface TeacherTraining {
  readonly recipe: TrainRecipe;
  readonly told: (epoch: TrainedEpoch) => void;
  readonly file: TrainingFile;
}

/** Images of a batch when accuracy is measured. */
const TEST_BATCH = 250;

/**
 * Trains a network on the training split, on the current backend, from where its file is: SGD with Nesterov momentum.
 * Returns its accuracy on the test split.
 * @throws DnaError `STOPPED`, once the state is saved
 */
export async function trainTeacher(
  network: EfficientNet,
  dataset: Dataset,
  { recipe, told, file }: TeacherTraining,
): Promise<number> {
  const random = randomStream(recipe.seed).fork('teacher');
  network.initialise(random.fork('initialise'));
  const { image, size } = dataset.description;
  const order = new BatchOrder(random.fork('order'), size.train, recipe.batch);
  const trainer = createTrainer(network, { recipe, order, image, random: random.fork('draws') });
  const lossSum = loadTraining(trainer, file);
  const state = () => ({ json: { step: trainer.step, lossSum: epoch.sum }, tensors: trainer.state() });
  const saveIfDue = () => file.saveIfDue(trainer.step, state);
  let epoch = { began: performance.now(), sum: lossSum };
  try {
    while (trainer.step < recipe.epochs * order.stepsPerEpoch) {
      const augment = random.fork('augment', trainer.step);
      epoch.sum += trainer.train(await dataset.read('train', order.indices(trainer.step), { augment }));
      if (trainer.step % order.stepsPerEpoch === 0) {
        const seconds = (performance.now() - epoch.began) / 1000;
        const number = trainer.step / order.stepsPerEpoch;
        told({ epoch: number, epochs: recipe.epochs, loss: epoch.sum / order.stepsPerEpoch, seconds });
        epoch = { began: performance.now(), sum: 0 };
      }
      await saveIfDue();
    }
    const classify = (images: tf.Tensor4D) => network.forward(images, EVALUATE) as tf.Tensor2D;
    return await splitAccuracy(classify, dataset, { split: 'test', batch: TEST_BATCH, progress: saveIfDue });
  } finally {
    trainer.dispose();
  }
}

interface TrainerParts {
  readonly recipe: TrainRecipe;
  readonly order: BatchOrder;
  readonly image: FeatureShape;
  readonly random: RandomStream;
}

function createTrainer(
  network: EfficientNet,
  { recipe, order, image, random }: TrainerParts,
): ClassifierTrainer {
  const { momentum, weightDecay, labelSmoothing } = recipe;
  const rate = learningRate(recipe);
  return new ClassifierTrainer({
    network,
    optimiser: sgd({ momentum, weightDecay, nesterov: momentum > 0 }),
    learningRate: (step) => rate((step + 1) / order.stepsPerEpoch),
    labelSmoothing,
    image,
    random,
  });
}

/** Takes up an unfinished training; returns the losses of its epoch so far. */
function loadTraining(trainer: ClassifierTrainer, file: TrainingFile): number {
  const saved = file.load();
  if (!saved) return 0;
  trainer.load(saved.json.step as number, saved.tensors);
  return saved.json.lossSum as number;
}

function learningRate({ learningRate: rate, epochs, warmUpEpochs }: TrainRecipe): Schedule {
  return schedules.warmUp(schedules.cosine({ rate, epochs }), { epochs: warmUpEpochs });
}
