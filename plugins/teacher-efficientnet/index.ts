import { definePlugin } from 'dna-nas/core';
import { OPTIONS, type TeacherEfficientnetOptions } from './options.js';
import { teacherSource } from './teacher-source.js';
import { trainCommand } from './train/command.js';

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
    const noticed = (text: string) => {
      if (run.main) void run.hooks.noticed.promise(text);
    };
    const { project, seed, files } = run;
    run.hooks.resolveTeacher.tap('teacher-efficientnet', () =>
      teacherSource(options, { project, seed, noticed, ...(files && { files }) }),
    );
  },
});
