import { DnaError } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };

/** A batch that is larger than the split it is drawn from; `option` is its path: `distill.batch`. */
export function batchTooLarge(
  option: string,
  batch: number,
  split: { name: string; images: number },
): DnaError {
  return new DnaError(
    'BATCH_TOO_LARGE',
    `${option} is ${batch}, but there are only ${split.images} ${split.name} images; expected at most as many.`,
    `Lower it: --set ${option}=${Math.max(1, Math.min(64, split.images >> 1))}.`,
    USAGE,
  );
}

/** Where and when a training left the finite numbers. */
export interface Divergence {
  readonly task: string;
  /** For people: `block 1, cell 2`. */
  readonly place: string;
  /** What is not finite: `the loss is NaN`. */
  readonly found: string;
  /** The step after which it was found, counted from 1, of how many. */
  readonly step: number;
  readonly steps: number;
  /** The greatest learning rate up to this step. */
  readonly learningRate: number;
  /** Slot of the learning rate: `distill.learningRate`. */
  readonly slot: string;
  /** Step of the last checkpoint, which is sound. */
  readonly kept: number | undefined;
}

/** Training has blown up; what it had last saved stays, and nothing after it is kept. */
export function trainingDiverged({ task, place, found, step, steps, ...more }: Divergence): DnaError {
  const { learningRate, slot, kept } = more;
  const checkpoint =
    kept === undefined ? 'It has no checkpoint yet' : `Its last good checkpoint, of step ${kept}, stays`;
  return new DnaError(
    'TRAINING_DIVERGED',
    `Task ${task} (${place}): ${found} at step ${step} of ${steps}, at learning rates up to ${learningRate}. ${checkpoint}.`,
    step === 1
      ? "No step was taken yet, so it is not the learning rate: check the teacher's weights and the data (mean, std)."
      : `Start another run with a lower rate: --set name=NAME --set ${slot}.rate=${lowerRate(learningRate)}, or with ${slot}.warmUpEpochs.`,
  );
}

/** A third, and nothing that no training would take. */
function lowerRate(rate: number): number {
  return Number(Math.min(rate / 3, 0.03).toPrecision(1));
}
