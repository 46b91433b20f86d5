import { type DerivedOptions, definePlugin } from 'dna-nas/core';
import type { Block } from 'dna-nas/core/contracts';
import { createSpace } from './create-space.js';
import { OPTIONS, type SpaceMbconvOptions } from './options.js';

export type { MBConvBlock, SpaceMbconvOptions } from './options.js';

/** The paper's search space: cells of MBConv layers that differ in kernel and expansion. */
export const spaceMbconv = definePlugin<SpaceMbconvOptions>({
  name: 'space-mbconv',
  module: 'dna-nas/plugins/space-mbconv',
  export: 'spaceMbconv',
  description: 'Cells of MBConv layers that differ in kernel, expansion, depth and width: the paper’s space.',
  options: OPTIONS,
  derive: { when: { borders: 'teacher' }, make: teacherBorders },
  apply(run, options) {
    run.hooks.resolveSpace.tap('space-mbconv', () => createSpace(options));
  },
});

/** Its channels where the blocks end, which is what cells are trained to put out. */
function teacherBorders(blocks: readonly Block[]): DerivedOptions<SpaceMbconvOptions> {
  return {
    values: { borders: blocks.map(({ output }) => output.channels) },
    reasons: { borders: `the teacher’s channels behind its stages ${stagesOf(blocks)}` },
  };
}

function stagesOf(blocks: readonly Block[]): string {
  return blocks.map(({ outputStage }) => outputStage + 1).join(', ');
}
