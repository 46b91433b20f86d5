import type { FeatureShape, ModuleCost, Network } from 'dna-nas/core/contracts';
import { tf } from 'dna-nas/nn';
import type { SpaceLayer } from './list-layers.js';

/** What a call of a runtime takes that computes next to nothing: every layer that is timed alone has it, a network once. */
export const CALL = 'call';

export function emptyCall(): SpaceLayer {
  return {
    ...{ layer: CALL, input: [1, 1, 1], output: [1, 1, 1], macs: 0, params: 0 },
    create: () => new EmptyCall(),
  };
}

class EmptyCall implements Network {
  forward(x: tf.Tensor): tf.Tensor {
    return tf.relu(x);
  }

  cost(input: FeatureShape): ModuleCost {
    return { output: input, macs: 0, params: 0 };
  }

  tensors() {
    return new Map();
  }

  initialise(): this {
    return this;
  }

  dispose(): void {}
}
