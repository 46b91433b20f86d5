import type { PluginRun } from 'dna-nas/core';
import type { Architecture, Network } from 'dna-nas/core/contracts';
import { openWorld } from 'dna-nas/core/run';
import { planNetwork } from 'dna-nas/core/space';
import type { SearchResult, TaskState, World } from 'dna-nas/core/stages';
import type { AttachedRunFolder } from 'dna-nas/core/store';
import { notDistilled, notSearched } from './errors.js';
import { inheritWeights } from './inherit-weights.js';
import { requireCells } from './require-cells.js';
import { requireFit } from './require-heritage.js';

/** A run, and which network is to have the weights of its cells. */
export interface InheritedRequest {
  readonly folder: AttachedRunFolder;
  readonly run: PluginRun;
  /** As the user named the run. */
  readonly source: string;
  /** `found` or `random` of the run's search, or any network of its space by its text. @default 'found' */
  readonly network?: string | undefined;
}

/** A network that can have the weights of a run's cells. */
export interface InheritedPlan {
  /** `found-inherited`, or `network-inherited` where its text was given. */
  readonly name: string;
  readonly text: string;
  /** Opened, its dataset to be closed and its teacher, once it was asked for, to be disposed. */
  readonly world: World;
  /** Makes it with these weights, its batch norms calibrated anew; a backend must have been started. */
  create(): Promise<Network>;
}

/**
 * Looks a network up that is to have the weights of a run's cells and of its teacher's head, and checks that they fit,
 * without a tensor.
 *
 * @throws DnaError `INHERITED_WEIGHTS` where the parts do not fit together, or the run has not trained them or, where no
 * network is named, found none.
 */
export async function planInherited(request: InheritedRequest): Promise<InheritedPlan> {
  const { run, source } = request;
  if (run.architectures !== undefined) throw notDistilled(source, 'it trains networks that it was given');
  const { name, text } = named(request);
  const world = (await openWorld(run)) as World;
  try {
    const architecture = world.space.parseArchitecture(text);
    requireCells(await run.resolve('resolveDistill', 'distill'), world);
    requireFit(architecture, world);
    return {
      name: `${name}-inherited`,
      text: planNetwork(world.space, text).text,
      world,
      create: () => inherited(architecture, world, request),
    };
  } catch (error) {
    await world.dataset.close();
    throw error;
  }
}

function named({ folder, network = 'found', source }: InheritedRequest): { name: string; text: string } {
  if (network !== 'found' && network !== 'random') return { name: 'network', text: network };
  const search = folder.readJson('search') as Partial<SearchResult> | undefined;
  const text = (network === 'found' ? search?.best : search?.random)?.text;
  if (text === undefined) throw notSearched(source, network);
  return { name: network, text };
}

async function inherited(
  architecture: Architecture,
  world: World,
  { folder, source }: InheritedRequest,
): Promise<Network> {
  const loadCell = (task: string): TaskState => {
    const result = folder.loadResult(task);
    if (!result) throw notDistilled(source, `it has no result ${task}`);
    return result;
  };
  const { image, classes } = world.data;
  const network = world.space.createNetwork(architecture, { image, classes });
  network.initialise(world.random);
  try {
    await inheritWeights(network, architecture, { world, loadCell });
    return network;
  } catch (error) {
    network.dispose();
    throw error;
  }
}
