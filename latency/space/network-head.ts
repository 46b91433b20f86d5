import type { RandomStream } from 'dna-nas/core';
import type {
  FeatureShape,
  ForwardContext,
  ModuleCost,
  Network,
  StagedNetwork,
} from 'dna-nas/core/contracts';
import type { tf } from 'dna-nas/nn';
import { noHead } from '../errors.js';

/** What of a network follows its last block, as a network of its own. */
export class NetworkHead implements Network {
  readonly #whole: StagedNetwork;
  readonly #image: FeatureShape;

  /** @throws DnaError `LATENCY_SPACE` where the network cannot be entered behind its blocks */
  constructor(whole: StagedNetwork, image: FeatureShape) {
    if (!whole.forwardFrom || !whole.tensorsBehind) throw noHead();
    this.#whole = whole;
    this.#image = image;
  }

  get #last(): number {
    return this.#whole.stageShapes(this.#image).length - 1;
  }

  forward(x: tf.Tensor, context: ForwardContext): tf.Tensor {
    return this.#whole.forwardFrom!(x, context, this.#last);
  }

  cost(input: FeatureShape): ModuleCost {
    return this.#whole.cost(input);
  }

  tensors() {
    return this.#whole.tensorsBehind!(this.#last);
  }

  initialise(random: RandomStream): this {
    this.#whole.initialise(random);
    return this;
  }

  dispose(): void {
    this.#whole.dispose();
  }
}
