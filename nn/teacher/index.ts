/** Teachers whose weights are frozen, made of a network in stages. */
export { checkTeacher } from './check-teacher.js';
export { describeStages } from './describe-stages.js';
export { FrozenTeacher, type FrozenTeacherOptions } from './frozen-teacher.js';
export { isStagedModule, type StagedModule } from './staged-module.js';
export { labelledByTeacher, teacherLogits, teacherTargets } from './teacher-answers.js';
export { WEIGHTS_FILE, weightsAbsolute } from './weights-options.js';
