import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandTools } from 'dna-nas/core';
import type { DataDescription, SearchSpace, StateDict } from 'dna-nas/core/contracts';
import { nearestFile } from 'dna-nas/errors';
import { EVALUATE, type tf } from 'dna-nas/nn';
import { loadStateDict } from 'dna-nas/nn/weights';
import { planTrained } from 'dna-nas/run-tools';
import { weightsMissing, weightsUnusable } from '../errors.js';
import { readWeights } from '../weights/decode-weights.js';
import { openData, runWith, startBackend } from './evaluation-setup.js';
import type { EvaluateOptions } from './options.js';
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
  const { tensors, epsilon } = readWeights({ file: findCheckpoint(checkpoint, tools) });
  const subject = spaceSubject({
    name: text,
    text,
    space,
    data: dataset.description,
    tensors: () => tensors,
    source: checkpoint,
    epsilon,
  });
  return { subjects: [subject], dataset, backend };
}

/** Whether a file is the result of a run that says how its batch norms are to be set. */
export function tellsEpsilon(checkpoint: string, { project }: CommandTools): boolean {
  const file = resolve(project, checkpoint);
  return existsSync(file) && readWeights({ file }).epsilon !== undefined;
}

function findCheckpoint(checkpoint: string, { project }: CommandTools): string {
  const file = resolve(project, checkpoint);
  if (!existsSync(file)) throw weightsMissing(checkpoint, [], nearestFile(file, checkpoint));
  return file;
}

/** A network of a space as something to measure. */
export function spaceSubject(parts: {
  readonly name: string;
  readonly text: string;
  readonly space: SearchSpace;
  readonly data: DataDescription;
  readonly tensors: () => StateDict;
  /** Where they are, for messages. */
  readonly source: string;
  /** Of batch norm, where it is not the space's. */
  readonly epsilon?: number | undefined;
}): Subject {
  const { name, text, space, data, tensors, source, epsilon } = parts;
  const { image, classes } = data;
  const { create } = planTrained(space, { architecture: text, image, classes, batchNormEpsilon: epsilon });
  const { params, macs } = create().cost(image);
  const load = async () => {
    const network = create();
    try {
      loadStateDict(network, tensors());
    } catch (cause) {
      throw weightsUnusable(source, cause);
    }
    return {
      classify: (images: tf.Tensor4D) => network.forward(images, EVALUATE) as tf.Tensor2D,
      dispose: () => network.dispose(),
    };
  };
  return { name, params, macs, image, classes, load };
}
