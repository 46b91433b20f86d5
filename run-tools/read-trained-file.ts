import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { StateDict } from 'dna-nas/core/contracts';
import { readSafetensors, toStateDict } from 'dna-nas/files';
import type { TrainedShape } from './trained-networks.js';

/** A network's weights, and what their file says of it; one of an earlier version says less. */
export interface TrainedFile {
  /** By timm's names. */
  readonly tensors: StateDict;
  readonly shape: Partial<TrainedShape>;
  /** SHA-256 of the file. */
  readonly fingerprint: string;
}

/** Key under which a run's result says what it is. */
const RESULT_KEY = 'json';

/**
 * Reads the result of a retraining, or what `dna export --format safetensors` has made of one.
 * @throws Error where the file is no safetensors file
 */
export function readTrainedFile(file: string): TrainedFile {
  const bytes = readFileSync(file);
  const decoded = readSafetensors(bytes);
  return {
    tensors: toStateDict(decoded),
    shape: shapeOf(decoded.metadata),
    fingerprint: createHash('sha256').update(bytes).digest('hex'),
  };
}

function shapeOf(metadata: ReadonlyMap<string, string>): Partial<TrainedShape> {
  const result = metadata.get(RESULT_KEY);
  if (result !== undefined) return JSON.parse(result);
  const number = (name: string) => Number(metadata.get(name));
  const [architecture, classes] = [metadata.get('architecture'), number('classes')];
  const image = { height: number('height'), width: number('width'), channels: number('channels') };
  const isWhole = [classes, ...Object.values(image)].every((value) => Number.isInteger(value) && value > 0);
  return { ...(architecture !== undefined && { architecture }), ...(isWhole && { classes, image }) };
}
