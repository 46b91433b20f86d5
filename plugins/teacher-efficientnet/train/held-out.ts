import type { JsonObject } from 'dna-nas/core';
import type { Dataset, StateDict } from 'dna-nas/core/contracts';
import { EVALUATE, type tf } from 'dna-nas/nn';
import type { EfficientNet } from 'dna-nas/nn/networks';
import { splitAccuracy } from 'dna-nas/nn/training';
import { loadRawState, rawState, stateUnder } from 'dna-nas/nn/weights';

const BATCH = 250;
const BEST = 'best/';

/** How the epochs of a training do on images that are held out of it, and the weights of the best one. */
export class HeldOut {
  readonly #dataset: Dataset;
  readonly #patience: number;
  #epoch = -1;
  #best: { epoch: number; accuracy: number; weights: StateDict } | undefined;

  /** @param patience epochs without a better accuracy after which the training is over */
  constructor(dataset: Dataset, patience: number) {
    this.#dataset = dataset;
    this.#patience = patience;
  }

  get bestEpoch(): number | undefined {
    return this.#best?.epoch;
  }

  get isOver(): boolean {
    return this.#best !== undefined && this.#epoch - this.#best.epoch >= this.#patience;
  }

  /** Accuracy on the held-out images of the weights that the network has now. `progress` is called between batches. */
  async measure(epoch: number, network: EfficientNet, progress: () => Promise<void>): Promise<number> {
    const classify = (images: tf.Tensor4D) => network.forward(images, EVALUATE) as tf.Tensor2D;
    const accuracy = await splitAccuracy(classify, this.#dataset, {
      split: 'validation',
      batch: BATCH,
      progress,
    });
    this.#epoch = epoch;
    if (!this.#best || accuracy > this.#best.accuracy)
      this.#best = { epoch, accuracy, weights: copied(rawState(network.tensors())) };
    return accuracy;
  }

  /** Gives the network the weights of the best epoch. */
  restoreBest(network: EfficientNet): void {
    if (this.#best) loadRawState(network.tensors(), this.#best.weights);
  }

  state(): { json: JsonObject; tensors: StateDict } {
    const { epoch, accuracy, weights = new Map() } = this.#best ?? { epoch: -1, accuracy: 0 };
    const tensors: StateDict = new Map([...weights].map(([name, value]) => [BEST + name, value]));
    return { json: { epoch: this.#epoch, bestEpoch: epoch, bestAccuracy: accuracy }, tensors };
  }

  load(json: JsonObject, tensors: StateDict): void {
    this.#epoch = Number(json.epoch);
    const [epoch, accuracy] = [Number(json.bestEpoch), Number(json.bestAccuracy)];
    this.#best = epoch < 0 ? undefined : { epoch, accuracy, weights: stateUnder(tensors, BEST) };
  }
}

/** A backend may give its own memory out, which the next step writes over. */
function copied(state: StateDict): StateDict {
  return new Map([...state].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
}
