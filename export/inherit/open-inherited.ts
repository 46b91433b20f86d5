import { basename } from 'node:path';
import { packageVersion } from 'dna-nas/core';
import type { StateDict } from 'dna-nas/core/contracts';
import { openStoredRun } from 'dna-nas/core/run';
import { planNetwork } from 'dna-nas/core/space';
import { EVALUATE, type tf } from 'dna-nas/nn';
import { type InheritedPlan, planInherited } from 'dna-nas/nn/inherit';
import { labelledByTeacher } from 'dna-nas/nn/teacher';
import { accuracyOf, type PredictionAccuracy, predictSplit } from 'dna-nas/nn/training';
import { stateDict } from 'dna-nas/nn/weights';
import { openRunData } from '../source/describe-data.js';
import { networkFacts } from '../source/facts.js';
import { findSource } from '../source/find-source.js';
import {
  measured,
  type OpenedNetwork,
  pictured,
  type TrainedRequest,
  withWeights,
} from '../source/open-trained.js';

/** Images at a time while it is measured. */
const BATCH = 100;

/**
 * A network of a run's space with the weights that the supernet's cells and the teacher's head have, without any
 * training of its own: assembled, its batch norms calibrated anew, and measured on the test images.
 *
 * @throws DnaError `INHERITED_WEIGHTS` where the parts do not fit together, or the run has not trained them, or has not
 * found the network that is asked for.
 */
export async function openInherited(request: TrainedRequest): Promise<OpenedNetwork> {
  const { source, project = process.cwd(), machine = {} } = request;
  const found = findSource(source, project);
  const { folder, run } = await openStoredRun({ folder: found.run, project, machine });
  const network = request.network ?? found.network;
  const planned = await planInherited({ folder, run, source, network });
  const { name, text, world } = planned;
  const startBackend = async () => {
    const backend = await run.resolve('resolveBackend', 'backend');
    return (await backend.start({ workers: 1 })).description;
  };
  try {
    await startBackend();
    const { tensors, accuracy } = await measureInherited(planned);
    const { image, classes } = world.data;
    const create = () => planNetwork(world.space, text).create({ image, classes });
    return {
      run: basename(found.run),
      image,
      facts: {
        ...{ name, architecture: text, ...networkFacts(create(), image) },
        ...measured(accuracy),
        ...pictured({ architecture: text, image, classes }, world.data),
        version: packageVersion(),
      },
      create: () => withWeights(create(), tensors),
      startBackend,
      openData: () => openRunData(run, folder),
    };
  } finally {
    await world.dataset.close();
  }
}

interface Inherited {
  readonly tensors: StateDict;
  readonly accuracy: PredictionAccuracy;
}

/** The network's weights, and what it reaches with them. */
async function measureInherited({ create, world }: InheritedPlan): Promise<Inherited> {
  const network = await create();
  const teacher = await world.teacher();
  try {
    const classify = (images: tf.Tensor4D) => network.forward(images, EVALUATE) as tf.Tensor2D;
    const images = world.data.labels === false ? labelledByTeacher(world.dataset, teacher) : world.dataset;
    const predictions = await predictSplit(classify, images, { split: 'test', batch: BATCH });
    return { tensors: stateDict(network), accuracy: accuracyOf(predictions, world.data) };
  } finally {
    network.dispose();
    teacher.dispose();
  }
}
