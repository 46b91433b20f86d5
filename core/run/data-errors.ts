import { DnaError } from 'dna-nas/errors';
import type { DataDescription, TeacherDescription } from '../contracts/index.js';

/** Data could not be fetched from where they are; `fix` says how to bring them along. */
export function dataDownloadFailed(what: string, reason: string, fix: string): DnaError {
  return new DnaError('DATA_DOWNLOAD', `${what} could not be fetched: ${reason}.`, fix);
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
