import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { StateDict } from 'dna-nas/core/contracts';
import type { EfficientNet } from 'dna-nas/nn/networks';
import { loadStateDict, type StateEntry, timmNames, withOwnClassifier } from 'dna-nas/nn/weights';
import { resolveArchitecture, type TeacherArchitecture, type TeacherNote } from '../architecture.js';
import { weightsUnusable } from '../errors.js';
import { findWeights } from '../weights/find-weights.js';
import { readWeights } from '../weights/read-weights.js';
import { SMALL_TEACHER, type TrainCommandOptions } from './options.js';

/** What a training begins with. */
export interface FirstWeights extends Pick<TeacherArchitecture, 'preprocessing'> {
  readonly architecture: TeacherNote['architecture'];
  /** Absent: the weights are drawn. */
  readonly read?: { readonly tensors: StateDict; readonly file: string; readonly fingerprint: string };
}

/** Finds and reads the weights of `from`. @throws DnaError `TEACHER_WEIGHTS`, `TEACHER_ARCHITECTURE`, `WEIGHTS_…` */
export async function findFirstWeights(
  { from, architecture }: Pick<TrainCommandOptions, 'from' | 'architecture'>,
  tools: { readonly project: string; readonly noticed: (text: string) => void },
): Promise<FirstWeights> {
  if (from === undefined) return { architecture: architecture ?? SMALL_TEACHER };
  const named = architecture === undefined ? {} : { architecture };
  const isFile = existsSync(resolve(tools.project, from));
  const location = await findWeights(
    { ...named, ...(isFile ? { weightsFile: from } : { weights: from }) },
    tools,
  );
  const { tensors, note, fingerprint } = readWeights(location);
  const { preprocessing } = resolveArchitecture(named, { note, network: location.network });
  return {
    architecture: architecture ?? note?.architecture ?? location.network!,
    read: { tensors, file: location.file, fingerprint },
    ...(preprocessing && { preprocessing }),
  };
}

/**
 * Gives a network the weights that were read, but for the classifier, which keeps its own. The stem of a network for
 * colours sees grey images as if they stood in each channel.
 * @throws DnaError `TEACHER_WEIGHTS` if they are of another network
 */
export function adoptWeights(
  network: EfficientNet,
  { tensors, file }: NonNullable<FirstWeights['read']>,
): void {
  const { stages, inputChannels = 3 } = network.spec;
  try {
    const known = new Map(withOwnClassifier(timmNames(tensors, stages), network));
    const stem = known.get('conv_stem.weight');
    if (stem && stem.shape[1]! > 1 && inputChannels === 1)
      known.set('conv_stem.weight', summedOverChannels(stem));
    loadStateDict(network, known);
  } catch (cause) {
    throw weightsUnusable(file, cause);
  }
}

/** [outputs, channels, height, width] → [outputs, 1, height, width] */
function summedOverChannels({ shape, data }: StateEntry): StateEntry {
  const [outputs, channels, height, width] = shape as readonly [number, number, number, number];
  const plane = height * width;
  const sums = new Float32Array(outputs * plane);
  for (let at = 0; at < data.length; at++)
    sums[Math.floor(at / (channels * plane)) * plane + (at % plane)]! += data[at]!;
  return { shape: [outputs, 1, height, width], data: sums };
}
