import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { StateDict } from 'dna-nas/core/contracts';
import { readSafetensors, toStateDict } from 'dna-nas/files';
import { readTorchState, torchFormat, torchStateDict } from 'dna-nas/nn/weights';
import { NOTE_KEY, type TeacherNote } from '../architecture.js';
import { weightsUnusable } from '../errors.js';
import type { WeightsLocation } from './find-weights.js';
import { refuseCached } from './hub-cache.js';

/** Key under which a run's result says what it is. */
const RESULT_KEY = 'json';

/** What a weights file holds. */
export interface DecodedWeights {
  readonly tensors: StateDict;
  /** What it says about its network. */
  readonly note?: TeacherNote;
  /** Epsilon of batch norm, where it is the result of a run that was told one. */
  readonly epsilon?: number;
  /** SHA-256 of the file. */
  readonly fingerprint: string;
}

/**
 * Reads a file, safetensors or what `torch.save` wrote, judged by its content.
 * @throws DnaError `TEACHER_WEIGHTS`, or `WEIGHTS_HASH` where the cache is not what was downloaded
 */
export function readWeights({ file, cached }: WeightsLocation): DecodedWeights {
  const bytes = cached?.bytes ?? readWhole(file);
  const fingerprint = createHash('sha256').update(bytes).digest('hex');
  if (cached && cached.sha256 !== fingerprint) refuseCached(cached, fingerprint);
  try {
    return { ...decode(bytes), fingerprint };
  } catch (cause) {
    throw weightsUnusable(file, cause);
  }
}

/** Node refuses more than 2 GiB. */
function readWhole(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw weightsUnusable(file, cause);
  }
}

function decode(bytes: Uint8Array): Omit<DecodedWeights, 'fingerprint'> {
  if (torchFormat(bytes)) return { tensors: torchStateDict(readTorchState(bytes)) };
  const decoded = readSafetensors(bytes);
  const note = decoded.metadata.get(NOTE_KEY);
  const { batchNormEpsilon: epsilon } = JSON.parse(decoded.metadata.get(RESULT_KEY) ?? '{}') as {
    batchNormEpsilon?: unknown;
  };
  return {
    tensors: toStateDict(decoded),
    ...(note !== undefined && { note: JSON.parse(note) as TeacherNote }),
    ...(typeof epsilon === 'number' && { epsilon }),
  };
}
