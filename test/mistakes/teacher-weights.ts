import { randomStream } from 'dna-nas/core';
import type { StateDict } from 'dna-nas/core/contracts';
import { writeSafetensors } from 'dna-nas/files';
import { EfficientNet, efficientNetSpec } from 'dna-nas/nn/networks';
import { stateDict } from 'dna-nas/nn/weights';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';

const IMAGE = { height: 16, width: 16, channels: 1 };
const CLASSES = 4;
const STAGES = ['ds_r1_k3_s1_e1_c8', 'ir_r1_k3_s2_e2_c12', 'ir_r1_k3_s2_e2_c16'];

export interface TeacherChanges {
  readonly stages?: readonly string[];
  readonly image?: object;
  readonly classes?: number;
  /** Whether the file says what network it is. @default true */
  readonly note?: boolean;
  /** Works on the tensors before they are written. */
  readonly tensors?: (tensors: StateDict) => void;
}

/** A weights file of a teacher that nobody trained, with something wrong in it. */
export async function teacherWeights(changes: TeacherChanges = {}): Promise<Uint8Array> {
  await startCpuBackend();
  const stages = changes.stages ?? STAGES;
  const table = { name: 'tiny teacher', stem: 8, stages, head: 16 };
  const shape = { classes: CLASSES, inputChannels: 1 };
  const spec = efficientNetSpec({ ...table, ...shape, stages: stages.map((stage) => [stage]) });
  const network = new EfficientNet(spec).initialise(randomStream('tiny teacher'));
  const tensors = stateDict(network);
  network.dispose();
  changes.tensors?.(tensors);
  const note = { architecture: table, image: changes.image ?? IMAGE, classes: changes.classes ?? CLASSES };
  return writeSafetensors(tensors, changes.note === false ? {} : { teacher: JSON.stringify(note) });
}

let kept: Promise<Uint8Array> | undefined;

/** The weights without a mistake. */
export function tinyTeacher(): Promise<Uint8Array> {
  kept ??= teacherWeights();
  return kept;
}
