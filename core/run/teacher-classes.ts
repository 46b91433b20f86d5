import type { DataDescription, Dataset, TeacherDescription } from '../contracts/index.js';
import { otherClasses, teacherWithoutClasses } from './data-errors.js';

/**
 * What a data set without labels is with a teacher: the classes are the teacher's. Data with labels stay as they are.
 * @throws DnaError `DATA_UNLABELLED` where the teacher does not tell its classes, or has others than the data name
 */
export function describeWithTeacher(data: DataDescription, teacher: TeacherDescription): DataDescription {
  if (data.labels !== false) return data;
  const { classes } = teacher;
  if (classes === undefined) throw teacherWithoutClasses(teacher, data);
  if (data.classes > 0 && data.classes !== classes) throw otherClasses({ ...teacher, classes }, data);
  return { ...data, classes };
}

/** The data set itself, described so. @throws DnaError `DATA_UNLABELLED` */
export function datasetWithTeacher(dataset: Dataset, teacher: TeacherDescription): Dataset {
  const description = describeWithTeacher(dataset.description, teacher);
  if (description === dataset.description) return dataset;
  const { name, inspect, prefetch } = dataset;
  return {
    description,
    shared: () => dataset.shared(),
    read: (...request) => dataset.read(...request),
    ...(prefetch && { prefetch: prefetch.bind(dataset) }),
    ...(name && { name: name.bind(dataset) }),
    ...(inspect && { inspect: inspect.bind(dataset) }),
    close: () => dataset.close(),
  };
}
