import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearest, nearestFile, readSafetensors, type StateDict, toStateDict } from 'dna-nas/core';
import { readTorchState, torchFormat, torchStateDict } from 'dna-nas/nn';
import { NOTE_KEY, type TeacherNote } from './architecture.js';
import { noWeights, weightsAbsolute, weightsMissing, weightsUnusable } from './errors.js';
import type { TeacherEfficientnetOptions } from './options.js';

const EXTENSION = '.safetensors';

/** `presets/weights` of the package, seen from its `dist/plugins/teacher-efficientnet`. */
const SHIPPED = fileURLToPath(new URL('../../../presets/weights', import.meta.url));

/** A weights file that was found. */
export interface WeightsFile {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes. */
  readonly fingerprint: string;
}

/** Names of the weights that come with the package. */
export function shippedWeights(): string[] {
  if (!existsSync(SHIPPED)) return [];
  const files = readdirSync(SHIPPED).filter((file) => file.endsWith(EXTENSION));
  return files.map((file) => file.slice(0, -EXTENSION.length)).sort();
}

/** Reads the file that the options name. @throws DnaError `TEACHER_WEIGHTS` if it is not there */
export function readWeights(
  options: Pick<TeacherEfficientnetOptions, 'weights' | 'weightsFile'>,
  project: string,
): WeightsFile {
  const file = locate(options, project);
  const bytes = readFileSync(file);
  return { file, bytes, fingerprint: createHash('sha256').update(bytes).digest('hex') };
}

function locate(
  { weights, weightsFile }: Pick<TeacherEfficientnetOptions, 'weights' | 'weightsFile'>,
  project: string,
): string {
  const shipped = shippedWeights();
  const named = weightsFile ?? weights;
  if (named === undefined) throw noWeights(shipped);
  if (weightsFile === undefined && shipped.includes(named)) return join(SHIPPED, named + EXTENSION);
  if (weightsFile === undefined && isAbsolute(named)) throw weightsAbsolute(named);
  const file = resolve(project, named);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw weightsMissing(named, shipped, nearest(named, shipped) ?? nearestFile(file, named));
  }
  return file;
}

/**
 * The tensors of a file, safetensors or what `torch.save` wrote, judged by its content, and what it says about its
 * network. @throws DnaError `TEACHER_WEIGHTS`
 */
export function decodeWeights({ file, bytes }: WeightsFile): { tensors: StateDict; note?: TeacherNote } {
  try {
    return torchFormat(bytes) ? { tensors: torchStateDict(readTorchState(bytes)) } : decodeSafetensors(bytes);
  } catch (cause) {
    throw weightsUnusable(file, cause);
  }
}

function decodeSafetensors(bytes: Uint8Array): { tensors: StateDict; note?: TeacherNote } {
  const decoded = readSafetensors(bytes);
  const note = decoded.metadata.get(NOTE_KEY);
  return {
    tensors: toStateDict(decoded),
    ...(note !== undefined && { note: JSON.parse(note) as TeacherNote }),
  };
}
