import { type DataDescription, DnaError, type TeacherDescription } from 'dna-nas/core';

/** The paths of a step share its batch. */
export function unequalShares(batch: number, paths: number): DnaError {
  const below = batch - (batch % paths);
  return new DnaError(
    'BATCH_SHARES',
    `distill.batch is ${batch}, which ${paths} paths (distill.pathsPerStep) cannot share equally.`,
    `Make it a multiple: --set distill.batch=${below > 0 ? below : paths}.`,
    { exitCode: 2 },
  );
}

/** All micro-batches of a step are more images than there are. */
export function microBatchTooLarge(
  { microBatch, pathsPerStep }: { readonly microBatch?: number; readonly pathsPerStep: number },
  images: number,
): DnaError {
  const fits = Math.max(1, Math.floor(images / (2 * pathsPerStep)));
  return new DnaError(
    'BATCH_TOO_LARGE',
    `distill.microBatch is ${microBatch} and distill.pathsPerStep ${pathsPerStep}, but there are only ${images} training images.`,
    `Lower one of them: --set distill.microBatch=${fits}.`,
    { exitCode: 2 },
  );
}

/** The teacher sees the data's images, grey or in colour. */
export function otherChannels(teacher: TeacherDescription, data: DataDescription): DnaError {
  const { channels } = teacher.input;
  return new DnaError(
    'TEACHER_CHANNELS',
    `The teacher ${teacher.name} takes images of ${channels} channels, and those of ${data.name} have ${data.image.channels}.`,
    'Take a teacher trained on such images (`dna teacher train`), or data with as many channels.',
    { exitCode: 2 },
  );
}
