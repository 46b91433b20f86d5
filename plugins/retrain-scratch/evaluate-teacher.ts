import type { Task, TaskContext, TrainingWorld } from 'dna-nas/core/stages';
import { CheckpointPacer } from 'dna-nas/core/work';
import type { tf } from 'dna-nas/nn';
import { teacherLogits } from 'dna-nas/nn/teacher';
import { type AccuracyTally, measureAccuracy, PerImagePass } from 'dna-nas/nn/training';
import { accuracyResult } from './accuracy-result.js';
import type { RetrainScratchOptions } from './options.js';

/** Measures the teacher on the test split, as the networks are measured. */
export async function evaluateTeacher(
  options: RetrainScratchOptions,
  task: Task,
  context: TaskContext<TrainingWorld>,
): Promise<void> {
  const teacher = await context.teacher!();
  const pacer = new CheckpointPacer(context);
  const { params, macs } = teacher.description;
  const answer = teacherLogits(teacher);
  const pass = new PerImagePass({ what: "The teacher's test", noticed: context.events.noticed });
  // By statistics of the batch an image's answer depends on those beside it.
  const isOwn = teacher.statistics !== 'batch';
  const classify = (batch: tf.Tensor4D) =>
    isOwn ? pass.run(batch, (some) => [answer(some)])[0]! : answer(batch);
  const measured = await measureAccuracy(classify, context.dataset, {
    split: 'test',
    batch: options.evaluationBatch,
    from: context.store.loadCheckpoint(task.id)?.json.tally as AccuracyTally | undefined,
    progress: (images, tally) => {
      context.events.progress(task.id, images * macs);
      const state = () => ({ json: { tally }, tensors: new Map() });
      pacer.saveIfDue(() => [{ task: task.id, step: tally.images, state }]);
    },
    waited: (seconds) => context.events.timeSpent('retrain.data', seconds),
    noticed: context.events.noticed,
  });
  const json = { name: 'teacher', params, macs, ...accuracyResult(measured, context.data) };
  context.store.commitResult(task.id, { json, tensors: new Map() });
}
