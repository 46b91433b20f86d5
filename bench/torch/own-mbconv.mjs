// Our side of mbconv.mjs: one MBConv6 k5 layer in training mode, asked for over stdin.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from 'dna-nas/core';
import { writeSafetensors } from 'dna-nas/files';
import { tf } from 'dna-nas/nn';
import { MBConv } from 'dna-nas/nn/layers';
import { disposeGradients, gradients } from 'dna-nas/nn/optimisers';
import { stateDict } from 'dna-nas/nn/weights';
import { serve } from './child.mjs';
import { openRun, readOwnOptions } from './open-run.mjs';
import { Profile } from './profile.mjs';

const [BATCH, SIZE, CHANNELS, EXPANSION, KERNEL] = [64, 28, 40, 6, 5];
const PROFILED_RUNS = 6;

/** The layer of `bench/mbconv.mjs`, with timm's epsilon: batch statistics, swish, residual, no squeeze-excite. */
class Layer {
  #layer = new MBConv({
    inputChannels: CHANNELS,
    outputChannels: CHANNELS,
    kernel: KERNEL,
    stride: 1,
    expansion: EXPANSION,
    batchNorm: { momentum: 0.1, epsilon: 1e-5 },
  }).initialise(randomStream('mbconv'));
  #input = tf.variable(tf.randomNormal([BATCH, SIZE, SIZE, CHANNELS], 0, 1, 'float32', 1));

  /** Weights and input, for the other side. */
  write(folder) {
    const shape = this.#input.shape;
    const input = new Map([['input', { shape, data: this.#input.dataSync() }]]);
    writeFileSync(join(folder, 'layer.safetensors'), writeSafetensors(stateDict(this.#layer)));
    writeFileSync(join(folder, 'input.safetensors'), writeSafetensors(input));
  }

  /** The layer as training runs it, without a gradient. */
  forward() {
    tf.tidy(() => void this.#train());
  }

  /** Forward, mean, and the gradients of the input and all parameters. */
  both() {
    disposeGradients(gradients(() => tf.mean(this.#train()), this.#parameters()));
  }

  /** The sums of squares of the output and of each gradient by name, to compare both sides' work. */
  check() {
    const output = this.#train();
    const loss = () => tf.mean(tf.square(this.#train()));
    const result = gradients(loss, this.#parameters());
    const tensors = [['output', output], ...result.gradients];
    const squares = Object.fromEntries(tensors.map(([name, tensor]) => [name, sumOfSquares(tensor)]));
    output.dispose();
    disposeGradients(result);
    return squares;
  }

  #train() {
    return this.#layer.forward(this.#input, { mode: 'train' });
  }

  #parameters() {
    return new Map([...this.#layer.parameters(), ['input', { value: this.#input }]]);
  }
}

function sumOfSquares(tensor) {
  return tensor.dataSync().reduce((sum, value) => sum + value * value, 0);
}

/** Seconds of an action that leaves nothing to be waited for. */
function timed(action) {
  return () => {
    const began = performance.now();
    action();
    return { seconds: (performance.now() - began) / 1000 };
  };
}

await serve(async () => {
  const { folder, set } = readOwnOptions();
  await openRun({ backend: 'torch' }, { set });
  const layer = new Layer();
  if (folder) layer.write(folder);
  return {
    forward: timed(() => layer.forward()),
    both: timed(() => layer.both()),
    check: () => layer.check(),
    profile: ({ shapes }) => new Profile({ shapes }).measure(() => layer.both(), PROFILED_RUNS),
  };
});
