import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DataDescription, SearchSpace, StateDict } from 'dna-nas/core/contracts';
import { nearestFile } from 'dna-nas/errors';
import { EVALUATE, type tf } from 'dna-nas/nn';
import { PUBLISHED_NETWORKS } from 'dna-nas/nn/networks';
import { loadStateDict } from 'dna-nas/nn/weights';
import { planTrained } from 'dna-nas/run-tools';
import { checkpointMissing, checkpointUnusable } from './errors.js';
import type { Evaluation, Subject } from './evaluation.js';
import { publishedNetwork } from './published-network.js';
import { type Checkpoint, readCheckpoint } from './read-checkpoint.js';
import type { CheckpointNetwork, RequestOf } from './request.js';
import { openImages, runWith, startBackend } from './setup.js';

/** A network by name or by its line in a space, with weights from a file. */
export function checkpointNetwork(request: RequestOf<CheckpointNetwork>): Promise<Evaluation> {
  const { architecture, checkpoint, project } = request;
  const file = resolve(project, checkpoint);
  const isPublished = PUBLISHED_NETWORKS.includes(architecture.split('.')[0]!);
  // A result of a run may have another epsilon of batch norm than the published network.
  const isOfRun = existsSync(file) && readCheckpoint(file).epsilon !== undefined;
  if (isPublished && !isOfRun)
    return publishedNetwork({ ...request, teacher: architecture, weights: checkpoint });
  if (!existsSync(file)) throw checkpointMissing(checkpoint, nearestFile(file, checkpoint));
  return inSpace(request, file);
}

async function inSpace(request: RequestOf<CheckpointNetwork>, file: string): Promise<Evaluation> {
  const { architecture: text, checkpoint, project, backend } = request;
  const run = await runWith({ space: request.space }, project);
  const space = await run.resolve('resolveSpace', 'space');
  const dataset = await openImages(request, undefined);
  const description = await startBackend(backend ?? 'auto');
  const { tensors, epsilon }: Checkpoint = readCheckpoint(file);
  const subject = spaceSubject({
    name: text,
    text,
    space,
    data: dataset.description,
    tensors: () => tensors,
    source: checkpoint,
    epsilon,
  });
  return { subjects: [subject], dataset, backend: description };
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
      throw checkpointUnusable(source, cause);
    }
    return {
      classify: (images: tf.Tensor4D) => network.forward(images, EVALUATE) as tf.Tensor2D,
      dispose: () => network.dispose(),
    };
  };
  return { name, params, macs, image, classes, load };
}
