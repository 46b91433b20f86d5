import { counted, DnaError } from 'dna-nas/errors';
import type { DataDescription, TeacherDescription } from '../contracts/index.js';

/** The teacher sees the data's images, grey or in colour. */
export function otherChannels(teacher: TeacherDescription, data: DataDescription): DnaError {
  const { channels } = teacher.input;
  return new DnaError(
    'TEACHER_CHANNELS',
    `The teacher ${teacher.name} takes images of ${counted(channels, 'channel')}, and those of ${data.name} have ${data.image.channels}.`,
    'Take a teacher trained on such images (`dna teacher train`), or data with as many channels.',
    { exitCode: 2 },
  );
}

/** Data have no labels, and their teacher does not tell how many classes it knows. */
export function teacherWithoutClasses(teacher: TeacherDescription, data: DataDescription): DnaError {
  return new DnaError(
    'DATA_UNLABELLED',
    `The data set ${data.name} has no labels, so that its classes are the teacher's, and the teacher ${teacher.name} does not tell how many it knows.`,
    'Take a teacher whose plugin describes its classes, such as efficientnet, or data with labels.',
    { exitCode: 2 },
  );
}

/** Data have no labels, and their list of classes is not the teacher's. */
export function otherClasses(
  teacher: TeacherDescription & { readonly classes: number },
  data: DataDescription,
): DnaError {
  return new DnaError(
    'DATA_UNLABELLED',
    `The data set ${data.name} has no labels and names ${counted(data.classes, 'class')}, and the teacher ${teacher.name} knows ${teacher.classes}.`,
    'Name the list of the teacher’s classes in its order (data.classes), or leave it out.',
    { exitCode: 2 },
  );
}
