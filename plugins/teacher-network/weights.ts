import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { nearestFile } from 'dna-nas/errors';
import { weightsAbsolute } from 'dna-nas/nn/teacher';
import { readTrainedFile, type TrainedFile } from 'dna-nas/run-tools';
import { noWeights, weightsMissing, weightsUnusable } from './errors.js';
import type { TeacherNetworkOptions } from './options.js';

/** @throws DnaError `TEACHER_WEIGHTS` where the options name no file that is there. */
export function findWeights({ weights, weightsFile }: TeacherNetworkOptions, project: string): string {
  const named = weightsFile ?? weights;
  if (named === undefined) throw noWeights();
  if (weightsFile === undefined && isAbsolute(named)) throw weightsAbsolute(named);
  const file = resolve(project, named);
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  throw weightsMissing(named, nearestFile(file, named));
}

/** @throws DnaError `TEACHER_WEIGHTS` where the file is no safetensors file. */
export function readTrained(file: string): TrainedFile {
  try {
    return readTrainedFile(file);
  } catch (cause) {
    throw weightsUnusable(file, cause);
  }
}
