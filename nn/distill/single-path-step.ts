import type { DistillStepFactory, NetworkTensor, StepParts } from 'dna-nas/core';
import { disposeGradients, GradientMean, gradients } from '../optimisers/index.js';
import * as tf from '../tensor.js';

/**
 * Single-path training: each step draws one operation a layer (or several paths, each on its share of the batch),
 * and only what those paths use is changed. Gradients of several paths are averaged over all of them, those that do
 * not use a parameter counting as zero, as data-parallel training does.
 */
export const singlePathStep: DistillStepFactory = (parts) => {
  const random = { paths: parts.random.fork('path'), draws: parts.random.fork('draws') };
  return ({ input, target }, step) => {
    const { pathsPerStep: paths } = parts;
    const mean = new GradientMean();
    const parameters = new Map<string, NetworkTensor>();
    const share = input.shape[0] / paths;
    let loss = 0;
    for (let index = 0; index < paths; index++) {
      const draw = step * paths + index;
      const path = parts.sampler({ choices: parts.cell.choices, draw, random: random.paths });
      const used = usedParameters(parts, path);
      const context = { mode: 'train', random: random.draws.fork(draw) } as const;
      const result = gradients(() => {
        const [x, y] =
          paths === 1 ? [input, target] : [rows(input, index, share), rows(target, index, share)];
        return parts.loss.compute(parts.cell.forward(x, path, context), y);
      }, used);
      loss += result.value.dataSync()[0]! / paths;
      result.value.dispose();
      mean.add(result.gradients);
      for (const [name, tensor] of used) parameters.set(name, tensor);
    }
    const averaged = mean.take();
    parts.optimiser.step(parameters, averaged, parts.learningRate(step));
    disposeGradients({ gradients: averaged });
    return loss;
  };
};

function rows(tensor: tf.Tensor4D, index: number, share: number): tf.Tensor4D {
  return tf.slice(tensor, [index * share, 0, 0, 0], [share, -1, -1, -1]);
}

function usedParameters({ cell }: StepParts, path: readonly number[]): Map<string, NetworkTensor> {
  const used = new Map<string, NetworkTensor>();
  for (const [name, tensor] of cell.pathTensors(path))
    if (tensor.role === 'parameter') used.set(name, tensor);
  return used;
}
