import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { StateDict } from 'dna-nas/core/contracts';
import { nearestFile } from 'dna-nas/errors';
import { readSafetensors, toStateDict } from 'dna-nas/files';
import { weightsAbsolute } from 'dna-nas/nn/teacher';
import type { TrainedShape } from 'dna-nas/run-tools';
import { noWeights, weightsMissing, weightsUnusable } from './errors.js';
import type { TeacherNetworkOptions } from './options.js';

/** What the result of a retraining says of its network; one of an earlier version says less. */
export type TrainedResult = Partial<TrainedShape>;

export interface TrainedWeights {
  readonly tensors: StateDict;
  readonly result: TrainedResult;
  /** SHA-256 of the file. */
  readonly fingerprint: string;
}

/** Key under which a run's result says what it is. */
const RESULT_KEY = 'json';

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
export function readTrained(file: string): TrainedWeights {
  try {
    const bytes = readFileSync(file);
    const decoded = readSafetensors(bytes);
    const result = JSON.parse(decoded.metadata.get(RESULT_KEY) ?? '{}') as TrainedResult;
    return {
      tensors: toStateDict(decoded),
      result,
      fingerprint: createHash('sha256').update(bytes).digest('hex'),
    };
  } catch (cause) {
    throw weightsUnusable(file, cause);
  }
}
