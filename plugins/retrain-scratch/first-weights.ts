import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { PluginRun } from 'dna-nas/core';
import type { Network } from 'dna-nas/core/contracts';
import type { TaskStore, TrainingWorld, World } from 'dna-nas/core/stages';
import { nearestFile } from 'dna-nas/errors';
import { inheritWeights, requireFit, requireHeritage } from 'dna-nas/nn/inherit';
import { loadStateDict, withOwnClassifier } from 'dna-nas/nn/weights';
import { readTrainedFile, type TrainedFile } from 'dna-nas/run-tools';
import { absoluteWeights, noCells, nothingToInherit, noWeights, unusableWeights } from './errors.js';
import { INHERITED, type RetrainScratchOptions, SCRATCH } from './options.js';

/** What a training starts from, in words. */
export function startWords({ from }: RetrainScratchOptions): string {
  if (from === SCRATCH) return 'from scratch';
  return from === INHERITED ? 'from the weights of the trained cells' : `from the weights of ${from}`;
}

/**
 * Checks before any training that there is what it is to start from; without networks, whether any could.
 * @throws DnaError `RETRAIN_FROM`; `INHERITED_WEIGHTS` where borders of blocks or head are not the teacher's
 */
export function requireStart(
  run: PluginRun,
  { from }: RetrainScratchOptions,
  { world, texts = [] }: { readonly world: TrainingWorld; readonly texts?: readonly string[] },
): void {
  if (from === SCRATCH) return;
  if (from !== INHERITED) {
    findFile(run, from);
    return;
  }
  const searched = searchedWorld(world);
  requireHeritage(searched);
  for (const text of texts) requireFit(world.space.parseArchitecture(text), searched);
}

/** Where a training starts, and what it may take. */
export interface Start {
  readonly run: PluginRun;
  readonly options: RetrainScratchOptions;
  readonly context: TrainingWorld & { readonly store: TaskStore };
  readonly architecture: string;
}

/**
 * Gives an initialised network the weights that its training starts from; what is not among them keeps what was drawn.
 * @throws DnaError `RETRAIN_FROM`, `INHERITED_WEIGHTS`
 */
export async function loadStart(
  network: Network,
  { run, options, context, architecture }: Start,
): Promise<void> {
  const { from } = options;
  if (from === SCRATCH) return;
  if (from !== INHERITED) {
    loadFile(network, { file: findFile(run, from), classes: context.data.classes });
    return;
  }
  const world = searchedWorld(context);
  const loadCell = (task: string) => context.store.loadResult(task) ?? missingCell(task);
  await inheritWeights(network, world.space.parseArchitecture(architecture), { world, loadCell });
}

/** What the result of a training says of its start. */
export function startFacts(run: PluginRun, { from }: RetrainScratchOptions) {
  if (from === SCRATCH) return {};
  if (from === INHERITED) return { from };
  return { from, fromSha256: readFile(findFile(run, from)).fingerprint };
}

/** The world of a search, whose cells there are to inherit from. */
function searchedWorld(world: TrainingWorld): World {
  if ('blocks' in world) return world as World;
  throw nothingToInherit();
}

function missingCell(task: string): never {
  throw noCells(task);
}

function findFile({ project }: PluginRun, from: string): string {
  if (isAbsolute(from)) throw absoluteWeights(from);
  const file = resolve(project, from);
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  throw noWeights(from, nearestFile(file, from));
}

function readFile(file: string): TrainedFile {
  try {
    return readTrainedFile(file);
  } catch (cause) {
    throw unusableWeights(file, cause);
  }
}

function loadFile(network: Network, { file, classes }: { file: string; classes: number }): void {
  const { tensors, shape } = readFile(file);
  const isOther = shape.classes !== undefined && shape.classes !== classes;
  try {
    loadStateDict(network, isOther ? withOwnClassifier(tensors, network) : tensors);
  } catch (cause) {
    throw unusableWeights(file, cause);
  }
}
