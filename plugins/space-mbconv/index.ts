import { definePlugin } from 'dna-nas/core';
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
  apply(run, options) {
    run.hooks.resolveSpace.tap('space-mbconv', () => createSpace(options));
  },
});
