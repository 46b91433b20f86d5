import type { RandomStream } from 'dna-nas/core';
import type {
  DistillStep,
  DistillStepDependencies,
  DistillStepFactory,
  NetworkTensor,
} from 'dna-nas/core/contracts';
import { isRepeatable, tf } from 'dna-nas/nn';
import {
  disposeGradients,
  GradientMean,
  RecordedGradients,
  type RepeatableLoss,
} from 'dna-nas/nn/optimisers';

interface Features {
  readonly input: tf.Tensor4D;
  readonly target: tf.Tensor4D;
}

/**
 * Single-path training: each step draws one operation a layer (or several paths, each on its share of the batch),
 * and only what those paths use is changed (unless `offPath` says otherwise). Gradients of several paths are averaged over all of them, those that do
 * not use a parameter counting as zero, as data-parallel training does.
 */
export const singlePathStep: DistillStepFactory = (dependencies) => {
  const random = { paths: dependencies.random.fork('path'), draws: dependencies.random.fork('draws') };
  const { cell, loss } = dependencies;
  const passes = new RecordedGradients({
    repeatable: cell.repeatable === true && isRepeatable(loss.compute),
  });
  const unused = dependencies.offPath === 'momentum' ? new UsedBefore(dependencies, random.paths) : undefined;
  const train = (features: Features, step: number) => {
    const { pathsPerStep: paths } = dependencies;
    const mean = new GradientMean();
    const parameters = new Map<string, NetworkTensor>();
    let sum = 0;
    for (let index = 0; index < paths; index++) {
      const draw = step * paths + index;
      const path = dependencies.sampler({ choices: cell.choices, draw, random: random.paths });
      const pass = { key: path.join(','), random: random.draws.fork(draw) };
      const result = withShare(features, { index, paths }, (inputs) =>
        passes.compute({ ...pass, inputs }, () => lossOfPath(dependencies, path)),
      );
      sum += result.value.dataSync()[0]!;
      result.value.dispose();
      mean.add(result.gradients);
      for (const [name, tensor] of result.parameters) parameters.set(name, tensor);
    }
    const averaged = mean.take();
    unused?.join(step, parameters, averaged);
    dependencies.optimiser.step(parameters, averaged, dependencies.learningRate(step));
    disposeGradients({ gradients: averaged });
    return sum / paths;
  };
  return Object.assign(train, { dispose: () => passes.dispose() }) satisfies DistillStep;
};

/** Parameters that some step has used: PyTorch gives them gradients of zero from then on, and others none. */
class UsedBefore {
  readonly #dependencies: DistillStepDependencies;
  readonly #random: RandomStream;
  readonly #used = new Map<string, NetworkTensor>();
  /** Steps whose paths are in `used`. */
  #steps = 0;

  constructor(dependencies: DistillStepDependencies, random: RandomStream) {
    this.#dependencies = dependencies;
    this.#random = random;
  }

  /** Adds what earlier steps used and this one does not. A resumed training draws the earlier paths again. */
  join(step: number, parameters: Map<string, NetworkTensor>, gradients: Map<string, tf.Tensor>): void {
    for (; this.#steps < step; this.#steps++) this.#use(this.#steps);
    for (const [name, tensor] of this.#used) {
      if (parameters.has(name)) continue;
      parameters.set(name, tensor);
      gradients.set(name, tf.zeros([...tensor.shape]));
    }
  }

  #use(step: number): void {
    const { cell, sampler, pathsPerStep } = this.#dependencies;
    for (let index = 0; index < pathsPerStep; index++) {
      const draw = step * pathsPerStep + index;
      const path = sampler({ choices: cell.choices, draw, random: this.#random });
      for (const [name, tensor] of cell.pathTensors(path))
        if (tensor.role === 'parameter') this.#used.set(name, tensor);
    }
  }
}

/** Works on the feature maps of one of a step's paths: all, or its part of the batch. */
function withShare<Result>(
  { input, target }: Features,
  { index, paths }: { readonly index: number; readonly paths: number },
  work: (inputs: tf.Tensor4D[]) => Result,
): Result {
  if (paths === 1) return work([input, target]);
  const rows = input.shape[0] / paths;
  const inputs = [input, target].map((map) => tf.slice(map, [index * rows, 0, 0, 0], [rows, -1, -1, -1]));
  try {
    return work(inputs);
  } finally {
    tf.dispose(inputs);
  }
}

function lossOfPath({ cell, loss }: DistillStepDependencies, path: readonly number[]): RepeatableLoss {
  const used = [...cell.pathTensors(path)].filter(([, { role }]) => role === 'parameter');
  return {
    parameters: new Map(used),
    compute: ([input, target], random) =>
      loss.compute(cell.forward(input!, path, { mode: 'train', random }), target!),
  };
}
