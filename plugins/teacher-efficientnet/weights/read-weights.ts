import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { StateDict } from 'dna-nas/core/contracts';
import { decodeWeights } from 'dna-nas/nn/weights';
import { NOTE_KEY, type TeacherNote } from '../architecture.js';
import { weightsUnusable } from '../errors.js';
import type { WeightsLocation } from './find-weights.js';
import { refuseCached } from './hub-cache.js';

/** What a weights file of a teacher holds. */
export interface TeacherWeights {
  readonly tensors: StateDict;
  /** What it says about its network. */
  readonly note?: TeacherNote;
  /** SHA-256 of the file. */
  readonly fingerprint: string;
}

/**
 * Reads a file, safetensors or what `torch.save` wrote, judged by its content.
 * @throws DnaError `TEACHER_WEIGHTS`, or `WEIGHTS_HASH` where the cache is not what was downloaded
 */
export function readWeights({ file, cached }: WeightsLocation): TeacherWeights {
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

function decode(bytes: Uint8Array): Omit<TeacherWeights, 'fingerprint'> {
  const { tensors, metadata } = decodeWeights(bytes);
  const note = metadata.get(NOTE_KEY);
  return { tensors, ...(note !== undefined && { note: JSON.parse(note) as TeacherNote }) };
}
