import { resolve } from 'node:path';
import {
  type CommandTools,
  type DataDescription,
  type Network,
  planNetwork,
  type SearchSpace,
  type StateDict,
} from 'dna-nas/core';
import { EVALUATE, loadStateDict, type tf } from 'dna-nas/nn';
import { readWeights } from '../weights/decode-weights.js';
import type { EvaluateOptions } from './options.js';
import { openData, runWith, startBackend } from './parts.js';
import type { Evaluation, Subject } from './subject.js';

/** A network of a space by its line, with exported weights. */
export async function foundEvaluation(
  { text, checkpoint }: { text: string; checkpoint: string },
  options: EvaluateOptions,
  tools: CommandTools,
): Promise<Evaluation> {
  const run = await runWith({ space: options.space }, tools);
  const space = await run.resolve('resolveSpace', 'space');
  const dataset = await openData(options, undefined, tools);
  const backend = await startBackend(options.backend ?? 'auto');
  const file = resolve(tools.project, checkpoint);
  const subject = spaceSubject({
    name: planNetwork(space, text).text,
    text,
    space,
    data: dataset.description,
    tensors: () => readWeights({ file }).tensors,
  });
  return { subjects: [subject], dataset, backend };
}

/** A network of a space as something to measure. */
export function spaceSubject(parts: {
  readonly name: string;
  readonly text: string;
  readonly space: SearchSpace;
  readonly data: DataDescription;
  readonly tensors: () => StateDict;
  /** Of its batch norms. @default as in the space */
  readonly epsilon?: number | undefined;
}): Subject {
  const { name, text, space, data, tensors, epsilon } = parts;
  const { image, classes } = data;
  const batchNorm = epsilon === undefined ? {} : { epsilon };
  const create = (): Network => planNetwork(space, text).create({ image, classes, batchNorm });
  const { params, macs } = create().cost(image);
  const load = async () => {
    const network = create();
    loadStateDict(network, tensors());
    return {
      classify: (images: tf.Tensor4D) => network.forward(images, EVALUATE) as tf.Tensor2D,
      dispose: () => network.dispose(),
    };
  };
  return { name, params, macs, image, classes, load };
}
