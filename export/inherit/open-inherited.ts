import { basename } from 'node:path';
import { type PluginRun, packageVersion } from 'dna-nas/core';
import type { Architecture, StateDict } from 'dna-nas/core/contracts';
import { openStoredRun, openWorld } from 'dna-nas/core/run';
import { planNetwork } from 'dna-nas/core/space';
import type { SearchResult, TaskState, World } from 'dna-nas/core/stages';
import type { AttachedRunFolder } from 'dna-nas/core/store';
import { EVALUATE, type tf } from 'dna-nas/nn';
import { inheritWeights, requireBorders } from 'dna-nas/nn/inherit';
import { labelledByTeacher } from 'dna-nas/nn/teacher';
import { accuracyOf, type PredictionAccuracy, predictSplit } from 'dna-nas/nn/training';
import { stateDict } from 'dna-nas/nn/weights';
import { noFound, notDistilled } from '../errors.js';
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
 * @throws DnaError `INHERITED_WEIGHTS` where the parts do not fit together, or the run has not trained them;
 * `EXPORT_NETWORK` where no network is named and none was found.
 */
export async function openInherited(request: TrainedRequest): Promise<OpenedNetwork> {
  const { source, project = process.cwd(), machine = {}, network } = request;
  const found = findSource(source, project);
  const { folder, run } = await openStoredRun({ folder: found.run, project, machine });
  const named = nameOf(folder, network ?? found.network, source);
  if (run.architectures !== undefined) throw notDistilled(source, 'it trains networks that it was given');
  const startBackend = backendOf(run);
  await startBackend();
  const world = (await openWorld(run)) as World;
  try {
    const architecture = world.space.parseArchitecture(named.text);
    requireBorders(architecture, world);
    const { tensors, accuracy } = await inherit(architecture, { world, folder, source });
    const { image, classes } = world.data;
    const plan = planNetwork(world.space, named.text);
    const create = () => plan.create({ image, classes });
    return {
      run: basename(found.run),
      image,
      facts: {
        ...{ name: `${named.name}-inherited`, architecture: plan.text, ...networkFacts(create(), image) },
        ...measured(accuracy),
        ...pictured({ architecture: plan.text, image, classes }, world.data),
        version: packageVersion(),
      },
      create: () => withWeights(create(), tensors),
      startBackend,
      openData: async () => (await run.resolve('resolveData', 'data')).open(),
    };
  } finally {
    (await world.teacher()).dispose();
    await world.dataset.close();
  }
}

function backendOf(run: PluginRun): OpenedNetwork['startBackend'] {
  return async () => {
    const backend = await run.resolve('resolveBackend', 'backend');
    return (await backend.start({ workers: 1 })).description;
  };
}

/** Of the run's search by name, or any by its text. */
function nameOf(
  folder: AttachedRunFolder,
  network = 'found',
  source: string,
): { name: string; text: string } {
  if (network !== 'found' && network !== 'random') return { name: 'network', text: network };
  const search = folder.readJson('search') as Partial<SearchResult> | undefined;
  const text = (network === 'found' ? search?.best : search?.random)?.text;
  if (text === undefined) throw noFound(source, network);
  return { name: network, text };
}

interface Place {
  readonly world: World;
  readonly folder: AttachedRunFolder;
  readonly source: string;
}

interface Inherited {
  readonly tensors: StateDict;
  readonly accuracy: PredictionAccuracy;
}

/** The network's weights, and what it reaches with them. */
async function inherit(architecture: Architecture, place: Place): Promise<Inherited> {
  const { world } = place;
  const { image, classes } = world.data;
  const network = world.space.createNetwork(architecture, { image, classes });
  network.initialise(world.random);
  try {
    await inheritWeights(network, architecture, { world, loadCell: cellsOf(place) });
    const classify = (images: tf.Tensor4D) => network.forward(images, EVALUATE) as tf.Tensor2D;
    const images =
      world.data.labels === false ? labelledByTeacher(world.dataset, await world.teacher()) : world.dataset;
    const predictions = await predictSplit(classify, images, { split: 'test', batch: BATCH });
    const accuracy = accuracyOf(predictions, world.data);
    return { tensors: stateDict(network), accuracy };
  } finally {
    network.dispose();
  }
}

/** @throws DnaError `INHERITED_WEIGHTS` where a cell was not trained */
function cellsOf({ folder, source }: Place): (task: string) => TaskState {
  return (task) => {
    const result = folder.loadResult(task);
    if (!result) throw notDistilled(source, `it has no result ${task}`);
    return result;
  };
}
