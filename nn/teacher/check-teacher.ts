import type { Dataset, Teacher } from 'dna-nas/core/contracts';
import type { TeacherCheck } from 'dna-nas/core/stages';
import type { Tensor4D } from '../tensor.js';
import { teacherLogits } from './teacher-answers.js';

/** Images at a time; the forward pass of so many fits everywhere. */
const BATCH = 32;

/** Classifies validation images, evenly of the split; the teacher is disposed of. */
export async function checkTeacher(
  teacher: Teacher,
  dataset: Dataset,
  images: number,
): Promise<TeacherCheck> {
  // Who only describes a teacher has no use for what trains networks.
  const { accuracyOf, predictSplit } = await import('../training/index.js');
  const { macs } = teacher.description;
  const answer = teacherLogits(teacher);
  let seconds = 0;
  const classify = (pixels: Tensor4D) => {
    const began = performance.now();
    const logits = answer(pixels);
    logits.dataSync();
    seconds += (performance.now() - began) / 1000;
    return logits;
  };
  try {
    const found = await predictSplit(classify, dataset, { split: 'validation', batch: BATCH, images });
    return {
      images: found.length,
      top1: accuracyOf(found, dataset.description).top1,
      macs: found.length * macs,
      seconds,
    };
  } finally {
    teacher.dispose();
  }
}
