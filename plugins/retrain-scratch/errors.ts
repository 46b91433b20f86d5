import { counted, DnaError } from 'dna-nas/errors';

/** A batch must be a whole number of micro-batches, as batch norm sees each and their gradients count alike. */
export function unevenMicroBatches(batch: number, microBatch: number): DnaError {
  const parts = Math.max(1, Math.round(batch / microBatch));
  return new DnaError(
    'MICRO_BATCH_UNEVEN',
    `retrain.microBatch is ${microBatch} and retrain.batch ${batch}, which is no multiple of it.`,
    `Say --set retrain.batch=${parts * microBatch}, or --set retrain.microBatch=0 for batches as a whole.`,
    { exitCode: 2 },
  );
}

/** `retrain.scale` is set, and the space's networks have no other sizes. */
export function cannotScale(space: string): DnaError {
  return new DnaError(
    'SPACE_SCALE',
    `retrain.scale is set, and networks of the space ${space} cannot be scaled.`,
    'Leave retrain.scale out, or take a space that can, such as mbconv.',
    { exitCode: 2 },
  );
}

/** Training on the images that networks are then tested on. */
export function heldOutIsTest(data: string): DnaError {
  return new DnaError(
    'RETRAIN_IMAGES',
    `retrain.images is all, and the data set ${data} has no test images but those that it holds out; training on them would leave none to test on.`,
    'Say --set retrain.images=train, or give the data set test images of its own.',
    { exitCode: 2 },
  );
}

const USAGE = { exitCode: 2 };
const NAME_A_FILE =
  'Name the result of a retraining relative to the project, runs/NAME/results/retrain-found.safetensors.';

/** A run that is given its networks has no cells. */
export function nothingToInherit(from: string): DnaError {
  return new DnaError(
    'RETRAIN_FROM',
    `retrain.from is ${from}, and this run trains a network that it was given: it has no cells to take weights from.`,
    `Say --set retrain.from=scratch, or name a file of weights. ${NAME_A_FILE}`,
    USAGE,
  );
}

/** The result of a cell's training is gone. */
export function noCell(task: string): DnaError {
  return new DnaError(
    'RETRAIN_FROM',
    `The training is to start from the weights of the trained cells, and the run has no result ${task}.`,
    'Go on with the run, dna run, which trains what is missing; or say --set retrain.from=scratch.',
    USAGE,
  );
}

/** An absolute path would be stored with the run. */
export function absoluteWeights(from: string): DnaError {
  return new DnaError(
    'RETRAIN_FROM',
    `retrain.from is "${from}", an absolute path, which holds on this machine alone.`,
    NAME_A_FILE,
    USAGE,
  );
}

/** `close` is what was most likely meant. */
export function noWeights(from: string, close: string | undefined): DnaError {
  return new DnaError(
    'RETRAIN_FROM',
    `retrain.from is "${from}": none of scratch, inherited and sliced, and no file of the project.`,
    close === undefined ? NAME_A_FILE : `Did you mean --set retrain.from=${close}?`,
    USAGE,
  );
}

/** The file is there and does not hold weights of this network. */
export function unusableWeights(file: string, cause: unknown): DnaError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DnaError(
    'RETRAIN_FROM',
    `Training cannot start from ${file}: ${reason}`,
    'Name weights of the same architecture, space and image channels; only the classifier may have other classes.',
    { cause, exitCode: 2 },
  );
}

/** The images have no labels that could be learnt. */
export function noLabels(data: string, { hasTeacher }: { readonly hasTeacher: boolean }): DnaError {
  return new DnaError(
    'RETRAIN_TARGETS',
    `retrain.distill is none, and the data set ${data} has no labels that networks could learn.`,
    hasTeacher
      ? 'Have them learn what the teacher answers: --set retrain.distill=logits.'
      : 'Train networks that are given on data with labels; those of a search learn from its teacher.',
    USAGE,
  );
}

/** A run that trains networks that it was given has no teacher. */
export function noTeacher(): DnaError {
  return new DnaError(
    'RETRAIN_TARGETS',
    'retrain.distill is logits, and this run trains networks that it was given: it has no teacher.',
    'Say --set retrain.distill=none, or train the networks of a search.',
    USAGE,
  );
}

/** The teacher's answers are of other classes than the networks'. */
export function teacherOfOtherClasses(
  teacher: { readonly name: string; readonly classes?: number },
  data: { readonly name: string; readonly classes: number },
): DnaError {
  const known = teacher.classes === undefined ? 'does not tell its classes' : `knows ${teacher.classes}`;
  return new DnaError(
    'RETRAIN_TARGETS',
    `retrain.distill is logits, the data set ${data.name} has ${counted(data.classes, 'class')}, and the teacher ${teacher.name} ${known}.`,
    'Take a teacher of these classes (`dna teacher train --from WEIGHTS` tunes one), or say --set retrain.distill=none.',
    USAGE,
  );
}
