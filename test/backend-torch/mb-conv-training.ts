import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { MBConv } from 'dna-nas/nn/layers';
import { squaredError } from 'dna-nas/nn/ops';
import { adam, disposeGradients, gradients } from 'dna-nas/nn/optimisers';

const TRAIN = { mode: 'train', random: randomStream('drop') } as const;
const SIZE = { inputChannels: 12, outputChannels: 12, kernel: 5, expansion: 6, squeezeExcite: 0.25 };

/** An MBConv in training: every kind of kernel that a run's steps use. */
export class MBConvTraining {
  readonly #module = new MBConv(SIZE);
  readonly #optimiser = adam();

  constructor() {
    const random = randomStream('training');
    for (const [name, tensor] of this.#module.tensors()) {
      const stream = random.fork(name);
      tensor.set(Float32Array.from({ length: tensor.size }, () => 0.3 + 0.2 * stream.normal()));
    }
  }

  /** One step on the batch of this number. */
  step(number: number): void {
    const random = randomStream('batch').fork(number);
    const values = Float32Array.from({ length: 4 * 9 * 7 * 12 }, () => random.normal());
    const [x, target] = tf.tidy(() => {
      const batch = tf.tensor4d(values, [4, 9, 7, 12]);
      return [batch, tf.mul(batch, 0.5)] as const;
    });
    const loss = () => tf.tidy(() => squaredError(this.#module.forward(x, TRAIN), target));
    const result = gradients(loss, this.#module.parameters());
    this.#optimiser.step(this.#module.parameters(), result.gradients, 0.01);
    disposeGradients(result);
    tf.dispose([x, target]);
  }

  /** All values, one tensor after another. */
  values(): Float32Array[] {
    return [...this.#module.tensors().values()].map(({ value }) => value.dataSync() as Float32Array);
  }

  dispose(): void {
    this.#module.dispose();
    this.#optimiser.dispose();
  }
}
