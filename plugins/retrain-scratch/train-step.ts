import type { Batch } from 'dna-nas/core/contracts';
import { tf } from 'dna-nas/nn';
import { type ClassifierTrainer, errorInTask, type TaskAtWork } from 'dna-nas/nn/training';
import type { BatchReader } from './batch-reader.js';
import type { TrainingPlan } from './plan.js';
import type { Saver } from './saver.js';
import type { Training } from './train-network.js';

interface StepDependencies {
  readonly trainer: ClassifierTrainer;
  readonly plan: TrainingPlan;
  readonly reader: BatchReader;
  readonly saver: Saver;
}

/**
 * One step from the parts of its batch; returns its loss.
 * @throws DnaError `STOPPED` between two parts, `OUT_OF_MEMORY` with a batch that fits
 */
export async function trainStep(
  training: Training,
  { trainer, plan, reader, saver }: StepDependencies,
): Promise<number> {
  const held = tf.memory().numBytes;
  let latest: Batch | undefined;
  try {
    for (let part = 0; part < plan.parts; part++) {
      if (part > 0 && training.context.shouldStop()) {
        trainer.abandonStep();
        saver.saveIfDue();
      }
      latest = await reader.read(trainer.step, part);
      trainer.accumulate(latest);
    }
    return trainer.update();
  } catch (error) {
    const batch = latest;
    const attempt = batch && ((size: number) => trainFirst(trainer, batch, { size, parts: plan.parts }));
    throw await errorInTask(error, { ...smallerParts(training), held, ...(attempt && { attempt }) });
  }
}

/** What of a training's batches can be made smaller: the parts of them, where there are some. */
export function smallerParts({ options: { batch, microBatch }, task }: Training): TaskAtWork {
  if (microBatch === 0) return { task: task.id, option: 'retrain.batch', batch };
  const allows = (size: number) => batch % size === 0;
  return { task: task.id, option: 'retrain.microBatch', batch: microBatch, allows };
}

/** A step on the first images of a part, by which the network is spoilt. */
function trainFirst(
  trainer: ClassifierTrainer,
  { images, labels }: Batch,
  { size, parts }: { readonly size: number; readonly parts: number },
): void {
  const values = (images.length / labels.length) * size;
  const first = { images: images.subarray(0, values), labels: labels.subarray(0, size) };
  trainer.abandonStep();
  for (let part = 0; part < parts; part++) trainer.accumulate(first);
  trainer.update();
}
