import type { Task, TaskContext } from 'dna-nas/core';
import { resizeFeatures, splitAccuracy } from 'dna-nas/nn';
import type { RetrainScratchOptions } from './options.js';

/** Measures the teacher on the test split, as the networks are measured. */
export async function evaluateTeacher(
  options: RetrainScratchOptions,
  task: Task,
  context: TaskContext,
): Promise<void> {
  const teacher = await context.teacher();
  const { input, params, macs } = teacher.description;
  const top1 = await splitAccuracy(
    (images) => teacher.logits(resizeFeatures(images, input)),
    context.dataset,
    {
      split: 'test',
      batch: options.evaluationBatch,
      progress: (images) => context.events.progress(task.id, images * macs),
      waited: (seconds) => context.events.timeSpent('retrain.data', seconds),
      noticed: context.events.noticed,
    },
  );
  context.store.commitResult(task.id, { json: { name: 'teacher', params, macs, top1 }, tensors: new Map() });
}
