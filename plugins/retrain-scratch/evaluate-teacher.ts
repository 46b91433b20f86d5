import type { Task, TaskContext, TrainingWorld } from 'dna-nas/core';
import { measureAccuracy, resizeFeatures } from 'dna-nas/nn';
import { accuracyResult } from './accuracy-result.js';
import type { RetrainScratchOptions } from './options.js';

/** Measures the teacher on the test split, as the networks are measured. */
export async function evaluateTeacher(
  options: RetrainScratchOptions,
  task: Task,
  context: TaskContext<TrainingWorld>,
): Promise<void> {
  const teacher = await context.teacher!();
  const { input, params, macs } = teacher.description;
  const measured = await measureAccuracy(
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
  const json = { name: 'teacher', params, macs, ...accuracyResult(measured) };
  context.store.commitResult(task.id, { json, tensors: new Map() });
}
