import { type JsonObject, type RandomStream, randomStream } from 'dna-nas/core';
import type { Dataset } from 'dna-nas/core/contracts';
import type { TaskState } from 'dna-nas/core/stages';
import { EVALUATE, type tf } from 'dna-nas/nn';
import type { EfficientNet } from 'dna-nas/nn/networks';
import { sgd, withRateFactors } from 'dna-nas/nn/optimisers';
import type { Schedule } from 'dna-nas/nn/schedules';
import * as schedules from 'dna-nas/nn/schedules';
import { BatchOrder, ClassifierTrainer, splitAccuracy } from 'dna-nas/nn/training';
import { fitClassifier } from './fit-classifier.js';
import { HeldOut } from './held-out.js';
import { rateFactor } from './rate-factor.js';
import type { TrainRecipe } from './recipe.js';
import type { TrainingFile } from './training-file.js';

export interface TrainedEpoch {
  /** 0: the weights before the first step. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean over the epoch's steps. */
  readonly loss?: number;
  /** Accuracy on the held-out images. */
  readonly heldOut?: number;
  readonly seconds: number;
}

export interface TeacherTraining {
  readonly recipe: TrainRecipe;
  readonly told: (epoch: TrainedEpoch) => void;
  readonly file: TrainingFile;
}

export interface TrainedTeacher {
  /** Accuracy on the test split. */
  readonly accuracy: number;
  /** Whose weights it has, where held-out images have chosen. */
  readonly bestEpoch?: number | undefined;
}

/** Images of a batch when accuracy is measured. */
const TEST_BATCH = 250;

/**
 * Trains a network on the training split, on the current backend, from where its file is: the classifier on features of
 * the frozen rest, then all layers by SGD with Nesterov momentum, until held-out images say that it gets no better.
 * @param network with the weights that it begins with
 * @throws DnaError `STOPPED`, once the state is saved
 */
export async function trainTeacher(
  network: EfficientNet,
  dataset: Dataset,
  { recipe, told, file }: TeacherTraining,
): Promise<TrainedTeacher> {
  const random = randomStream(recipe.seed).fork('teacher');
  const saved = file.load();
  const isBegun = saved?.json.phase === 'all';
  if (recipe.frozenSteps > 0 && !isBegun) {
    const saveIfDue = (step: number, state: () => TaskState) => file.saveIfDue(step, state);
    const fitting = { steps: recipe.frozenSteps, random: random.fork('classifier'), saved, saveIfDue };
    await fitClassifier(network, dataset, fitting);
  }
  const loop = new TeacherTrainingLoop(network, dataset, { recipe, random, told, file });
  try {
    if (isBegun) loop.load(saved);
    await loop.train();
    const beforeTest = loop.state();
    loop.finish();
    const classify = (images: tf.Tensor4D) => network.forward(images, EVALUATE) as tf.Tensor2D;
    const accuracy = await splitAccuracy(classify, dataset, {
      ...{ split: 'test', batch: TEST_BATCH },
      progress: () => file.saveIfDue(loop.step, () => beforeTest),
    });
    return { accuracy, bestEpoch: loop.bestEpoch };
  } finally {
    loop.dispose();
  }
}

/** The training of all layers, epoch by epoch. */
class TeacherTrainingLoop {
  readonly #network: EfficientNet;
  readonly #dataset: Dataset;
  readonly #tools: TeacherTraining & { readonly random: RandomStream };
  readonly #order: BatchOrder;
  readonly #trainer: ClassifierTrainer;
  readonly #heldOut: HeldOut | undefined;
  #lossSum = 0;
  /** The last epoch that was told of; before the first step held-out images are looked at, too. */
  #ended: number;
  #began = performance.now();

  constructor(
    network: EfficientNet,
    dataset: Dataset,
    tools: TeacherTraining & { readonly random: RandomStream },
  ) {
    const { recipe, random } = tools;
    this.#network = network;
    this.#dataset = dataset;
    this.#tools = tools;
    this.#order = new BatchOrder(random.fork('order'), dataset.description.size.train, recipe.batch);
    this.#trainer = createTrainer(network, dataset, { recipe, random, order: this.#order });
    this.#heldOut = recipe.patience > 0 ? new HeldOut(dataset, recipe.patience) : undefined;
    this.#ended = this.#heldOut ? -1 : 0;
  }

  get step(): number {
    return this.#trainer.step;
  }

  get bestEpoch(): number | undefined {
    return this.#heldOut?.bestEpoch;
  }

  /** All steps from where it is; ends early where the held-out images say so. */
  async train(): Promise<void> {
    const { recipe, random, file } = this.#tools;
    const trainer = this.#trainer;
    const { stepsPerEpoch } = this.#order;
    const steps = recipe.epochs * stepsPerEpoch;
    for (;;) {
      if (trainer.step % stepsPerEpoch === 0) await this.#endEpoch(trainer.step / stepsPerEpoch);
      if (trainer.step === steps || this.#heldOut?.isOver) return;
      const augment = random.fork('augment', trainer.step);
      const indices = this.#order.indices(trainer.step);
      this.#lossSum += trainer.train(await this.#dataset.read('train', indices, { augment }));
      await file.saveIfDue(trainer.step, () => this.state());
    }
  }

  async #endEpoch(epoch: number): Promise<void> {
    const heldOut = this.#heldOut;
    if (this.#ended === epoch) return;
    const measured = heldOut && (await this.#measure(heldOut, epoch));
    const { told, recipe } = this.#tools;
    told({
      ...{ epoch, epochs: recipe.epochs, seconds: (performance.now() - this.#began) / 1000 },
      ...(epoch > 0 && { loss: this.#lossSum / this.#order.stepsPerEpoch }),
      ...(measured !== undefined && { heldOut: measured }),
    });
    this.#ended = epoch;
    this.#lossSum = 0;
    this.#began = performance.now();
  }

  /** Accuracy of the weights that count: of their average, if there is one. */
  async #measure(heldOut: HeldOut, epoch: number): Promise<number> {
    const { average } = this.#trainer;
    const before = this.state();
    average?.swap();
    try {
      const progress = () => this.#tools.file.saveIfDue(this.step, () => before);
      return await heldOut.measure(epoch, this.#network, progress);
    } finally {
      average?.restore();
    }
  }

  /** Training is over: the network takes the weights that count. */
  finish(): void {
    if (this.#heldOut) this.#heldOut.restoreBest(this.#network);
    else this.#trainer.finish();
  }

  /** A copy of everything that going on needs, between two steps. */
  state(): TaskState {
    const { json, tensors } = this.#heldOut?.state() ?? { json: null, tensors: [] };
    const { step } = this.#trainer;
    const trained = [...this.#trainer.state()].map(
      ([name, { shape, data }]) => [name, { shape, data: data.slice() }] as const,
    );
    return {
      json: { phase: 'all', step, lossSum: this.#lossSum, ended: this.#ended, heldOut: json },
      tensors: new Map([...trained, ...tensors]),
    };
  }

  load({ json, tensors }: TaskState): void {
    this.#trainer.load(Number(json.step), tensors);
    this.#lossSum = Number(json.lossSum);
    this.#ended = Number(json.ended);
    const heldOut = json.heldOut as JsonObject | null;
    if (heldOut) this.#heldOut?.load(heldOut, new Map(tensors));
  }

  dispose(): void {
    this.#trainer.dispose();
  }
}

function createTrainer(
  network: EfficientNet,
  dataset: Dataset,
  { recipe, random, order }: { recipe: TrainRecipe; random: RandomStream; order: BatchOrder },
): ClassifierTrainer {
  const { momentum, weightDecay, labelSmoothing, layerDecay, statistics, movingAverage } = recipe;
  const rate = learningRate(recipe);
  const plain = sgd({ momentum, weightDecay, nesterov: momentum > 0 });
  const { length: stages } = network.spec.stages;
  return new ClassifierTrainer({
    network,
    optimiser: layerDecay < 1 ? withRateFactors(plain, rateFactor(stages, layerDecay)) : plain,
    learningRate: (step) => rate((step + 1) / order.stepsPerEpoch),
    labelSmoothing,
    statistics,
    image: dataset.description.image,
    random: random.fork('draws'),
    ...(movingAverage > 0 && { movingAverage: { decay: movingAverage, warmUp: true } }),
  });
}

function learningRate({ learningRate: rate, epochs, warmUpEpochs }: TrainRecipe): Schedule {
  return schedules.warmUp(schedules.cosine({ rate, epochs }), { epochs: warmUpEpochs });
}
