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
