import type { Dataset } from 'dna-nas/core/contracts';
import type { TaskContext, TrainingWorld } from 'dna-nas/core/stages';
import { labelledByTeacher, teacherTargets } from 'dna-nas/nn/teacher';
import type { ClassifierTraining, MeasurableImages } from 'dna-nas/nn/training';
import { noLabels, noTeacher, teacherOfOtherClasses } from './errors.js';
import type { RetrainScratchOptions } from './options.js';

type TargetOptions = Pick<RetrainScratchOptions, 'distill'>;

/**
 * Checks that there is what networks are to learn: labels, or a teacher of these classes.
 * @throws DnaError `RETRAIN_TARGETS`
 */
export function requireTargets(
  { data, teacherDescription }: TrainingWorld,
  { distill }: TargetOptions,
): void {
  if (distill === 'none') {
    if (data.labels === false) throw noLabels(data.name, { hasTeacher: teacherDescription !== undefined });
    return;
  }
  if (!teacherDescription) throw noTeacher();
  if (teacherDescription.classes !== data.classes) throw teacherOfOtherClasses(teacherDescription, data);
}

/** Multiply-adds of the teacher for each image that a network is trained on. */
export function teacherWork({ teacherDescription }: TrainingWorld, { distill }: TargetOptions): number {
  return distill === 'logits' ? (teacherDescription?.macs ?? 0) : 0;
}

/** What the trainer learns in place of labels; nothing where it learns these. */
export async function openTargets(
  context: TrainingWorld,
  { distill }: TargetOptions,
): Promise<Pick<ClassifierTraining, 'targets'>> {
  return distill === 'none' ? {} : { targets: teacherTargets(await context.teacher!()) };
}

/** The images that networks are measured on: without labels, by the teacher's answers. */
export async function measuredImages({
  dataset,
  teacher,
}: Pick<TaskContext<TrainingWorld>, 'dataset' | 'teacher'>): Promise<MeasurableImages> {
  return isUnlabelled(dataset) ? labelledByTeacher(dataset, await teacher!()) : dataset;
}

export function isUnlabelled({ description }: Pick<Dataset, 'description'>): boolean {
  return description.labels === false;
}
