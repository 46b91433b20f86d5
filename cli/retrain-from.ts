import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { nearestFile, wrongUsage } from 'dna-nas/errors';
import { isFolder } from 'dna-nas/files';
import { readTrainedFile, type TrainedShape } from 'dna-nas/run-tools';

/** Weights that a training starts from, and what is known of them. */
export interface FirstWeights extends Partial<TrainedShape> {
  /** Relative to the project. */
  readonly file: string;
  /** Folder of the run whose result they are. */
  readonly run?: string;
}

/** Results of a run that are its network, the first that there is. */
const RESULTS = ['retrain-found.safetensors', 'retrain-given.safetensors'];

/** @throws DnaError `USAGE` where there is no such file, or it holds no weights */
export function findFirstWeights(from: string): FirstWeights {
  const file = isFolder(from) ? resultOf(from) : from;
  if (!existsSync(file)) throw noFile(from);
  const folder = dirname(resolve(file));
  const run = dirname(folder);
  const isResult = basename(folder) === 'results' && existsSync(join(run, 'config.json'));
  return { ...shapeOf(file), file: relative('', resolve(file)), ...(isResult && { run: relative('', run) }) };
}

function resultOf(run: string): string {
  const found = RESULTS.map((name) => join(run, 'results', name)).find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw wrongUsage(
    `--from ${run} is a folder without a trained network: there is no ${join('results', RESULTS[0]!)} in it.`,
    'Go on with the run until its networks are trained, or name a file of weights.',
  );
}

function shapeOf(file: string): Partial<TrainedShape> {
  try {
    return readTrainedFile(file).shape;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw wrongUsage(
      `--from ${file} is no file of weights: ${reason}`,
      'Name the result of a retraining, runs/NAME/results/retrain-found.safetensors.',
    );
  }
}

function noFile(from: string): Error {
  const close = nearestFile(resolve(from), from);
  return wrongUsage(
    `--from ${from}: there is no such file.`,
    close === undefined
      ? 'Name the result of a retraining, runs/NAME/results/retrain-found.safetensors.'
      : `Did you mean --from ${close}?`,
  );
}
