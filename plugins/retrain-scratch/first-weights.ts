import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { PluginRun } from 'dna-nas/core';
import type { Network } from 'dna-nas/core/contracts';
import type { DistillStage, TaskStore, TrainingWorld, World } from 'dna-nas/core/stages';
import { nearestFile } from 'dna-nas/errors';
import {
  inheritWeights,
  requireCells,
  requireFit,
  requireHeritage,
  requireSliceable,
} from 'dna-nas/nn/inherit';
import { loadStateDict, withOwnClassifier } from 'dna-nas/nn/weights';
import { readTrainedFile, type TrainedFile } from 'dna-nas/run-tools';
import { absoluteWeights, noCell, nothingToInherit, noWeights, unusableWeights } from './errors.js';
import { isFromCells, type RetrainScratchOptions, SCRATCH, SLICED } from './options.js';

/** What a training starts from, in words. */
export function startWords({ from }: RetrainScratchOptions): string {
  if (from === SCRATCH) return 'from scratch';
  if (!isFromCells(from)) return `from the weights of ${from}`;
  return `from the weights of the trained cells${from === SLICED ? ', cut and fitted to its channels' : ''}`;
}

/** Where trainings are to start. */
export interface StartContext {
  readonly world: TrainingWorld;
  /** Of a search. */
  readonly distill?: DistillStage | undefined;
  readonly texts?: readonly string[];
}

/** What trains the cells that a training is to start from; none where it starts from none. */
export async function resolveCells(
  run: PluginRun,
  { from }: RetrainScratchOptions,
): Promise<DistillStage | undefined> {
  const hasCells = isFromCells(from) && run.architectures === undefined;
  return hasCells ? run.resolve('resolveDistill', 'distill') : undefined;
}

/**
 * Checks before any training that there is what it is to start from; without networks, whether any could.
 * @throws DnaError `RETRAIN_FROM`; `INHERITED_WEIGHTS` where borders of blocks or head are not the teacher's, or cannot
 * be cut, or there are no such cells
 */
export function requireStart(
  run: PluginRun,
  { from }: RetrainScratchOptions,
  { world, distill, texts = [] }: StartContext,
): void {
  if (from === SCRATCH) return;
  if (!isFromCells(from)) {
    findFile(run, from);
    return;
  }
  const searched = searchedWorld(world, from);
  if (distill) requireCells(distill, searched);
  if (from === SLICED) {
    requireSliceable(searched);
    return;
  }
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
  if (!isFromCells(from)) {
    loadFile(network, { file: findFile(run, from), classes: context.data.classes });
    return;
  }
  const world = searchedWorld(context, from);
  const loadCell = (task: string) => context.store.loadResult(task) ?? missingCell(task);
  const sliced = from === SLICED;
  await inheritWeights(network, world.space.parseArchitecture(architecture), { world, loadCell, sliced });
}

/** What the result of a training says of its start. */
export function startFacts(run: PluginRun, { from }: RetrainScratchOptions) {
  if (from === SCRATCH) return {};
  if (isFromCells(from)) return { from };
  return { from, fromSha256: readFile(findFile(run, from)).fingerprint };
}

/** The world of a search, whose cells there are to inherit from. */
function searchedWorld(world: TrainingWorld, from: string): World {
  if ('blocks' in world) return world as World;
  throw nothingToInherit(from);
}

function missingCell(task: string): never {
  throw noCell(task);
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
