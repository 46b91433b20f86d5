import { readFileSync } from 'node:fs';
import type { StateDict } from 'dna-nas/core/contracts';
import { decodeWeights } from 'dna-nas/nn/weights';
import { checkpointUnusable } from './errors.js';

/** Key under which a run's result says what it is. */
const RESULT_KEY = 'json';

/** Weights of a network, and its batch norms' epsilon where it is the result of a run that was told one. */
export interface Checkpoint {
  readonly tensors: StateDict;
  readonly epsilon: number | undefined;
}

/** Reads a file, safetensors or what `torch.save` wrote. @throws DnaError `TEACHER_WEIGHTS` */
export function readCheckpoint(file: string): Checkpoint {
  try {
    const { tensors, metadata } = decodeWeights(readFileSync(file));
    const result: { batchNormEpsilon?: unknown } = JSON.parse(metadata.get(RESULT_KEY) ?? '{}');
    const { batchNormEpsilon: epsilon } = result;
    return { tensors, epsilon: typeof epsilon === 'number' ? epsilon : undefined };
  } catch (cause) {
    throw checkpointUnusable(file, cause);
  }
}
