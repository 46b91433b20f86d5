import { definePlugin, type Teacher, type TeacherDescription } from 'dna-nas/core';
import { timmNames } from 'dna-nas/nn';
import { resolveArchitecture } from './architecture.js';
import { describeTeacher } from './describe-teacher.js';
import { EfficientnetTeacher } from './efficientnet-teacher.js';
import { weightsUnusable } from './errors.js';
import { OPTIONS, type TeacherEfficientnetOptions } from './options.js';
import { trainCommand } from './train/command.js';
import { decodeWeights, readWeights } from './weights.js';

export type { CustomArchitecture } from './architecture-schema.js';
export type { TeacherEfficientnetOptions } from './options.js';

/** A trained EfficientNet as the teacher, from safetensors with timm's names. */
export const teacherEfficientnet = definePlugin<TeacherEfficientnetOptions>({
  name: 'teacher-efficientnet',
  module: 'dna-nas/plugins/teacher-efficientnet',
  export: 'teacherEfficientnet',
  description: 'A trained EfficientNet as the teacher, from safetensors or a PyTorch checkpoint.',
  options: OPTIONS,
  commands: [trainCommand],
  apply(run, options) {
    run.hooks.resolveTeacher.tap('teacher-efficientnet', () => ({
      describe: async () => describe(options, run.project),
      load: async () => load(options, run.project),
    }));
  },
});

function describe(options: TeacherEfficientnetOptions, project: string): TeacherDescription {
  const weights = readWeights(options, project);
  return describeTeacher(resolveArchitecture(options, decodeWeights(weights).note), weights.fingerprint);
}

function load(options: TeacherEfficientnetOptions, project: string): Teacher {
  const weights = readWeights(options, project);
  const decoded = decodeWeights(weights);
  const architecture = resolveArchitecture(options, decoded.note);
  const description = describeTeacher(architecture, weights.fingerprint);
  try {
    const { spec } = architecture;
    const tensors = timmNames(decoded.tensors, spec.stages);
    return new EfficientnetTeacher({ description, spec, tensors, statistics: options.statistics });
  } catch (cause) {
    throw weightsUnusable(weights.file, cause);
  }
}
