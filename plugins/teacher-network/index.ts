import { definePlugin } from 'dna-nas/core';
import { OPTIONS, type TeacherNetworkOptions } from './options.js';
import { teacherSource } from './teacher-source.js';

export type { TeacherNetworkOptions };

/** A network of the space, trained before by a retraining, as the teacher. */
export const teacherNetwork = definePlugin<TeacherNetworkOptions>({
  name: 'teacher-network',
  module: 'dna-nas/plugins/teacher-network',
  export: 'teacherNetwork',
  description: 'A network of the space itself as the teacher: the result of a retraining, cut at the blocks.',
  options: OPTIONS,
  apply(run, options) {
    run.hooks.resolveTeacher.tap('teacher-network', () => teacherSource(run, options));
  },
});
