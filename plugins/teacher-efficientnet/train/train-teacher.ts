import { BatchOrder, type Dataset, randomStream } from 'dna-nas/core';
import { ClassifierTrainer, type EfficientNet, type Schedule, schedules, sgd } from 'dna-nas/nn';

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
  const { epochs, batch, momentum, weightDecay, labelSmoothing, seed } = options.recipe;
  const random = randomStream(seed).fork('teacher');
  network.initialise(random.fork('initialise'));
  const order = new BatchOrder(random.fork('order'), dataset.description.size.train, batch);
  const rate = learningRate(options.recipe);
  const trainer = new ClassifierTrainer({
    network,
    optimiser: sgd({ momentum, weightDecay, nesterov: momentum > 0 }),
    learningRate: (step) => rate((step + 1) / order.stepsPerEpoch),
    labelSmoothing,
    image: dataset.description.image,
    random: random.fork('draws'),
  });
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const began = performance.now();
    let sum = 0;
    for (let count = 0; count < order.stepsPerEpoch; count++) {
      const augment = random.fork('augment', trainer.step);
      sum += trainer.train(await dataset.read('train', order.indices(trainer.step), { augment }));
    }
    const seconds = (performance.now() - began) / 1000;
    options.told({ epoch, epochs, loss: sum / order.stepsPerEpoch, seconds });
  }
  trainer.dispose();
}

function learningRate({ learningRate: rate, epochs, warmUpEpochs }: TrainRecipe): Schedule {
  return schedules.warmUp(schedules.cosine({ rate, epochs }), { epochs: warmUpEpochs });
}
