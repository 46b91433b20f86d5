import { definePlugin } from 'dna-nas/core';
import { createSpace } from './create-space.js';
import { getCommand } from './get/command.js';

/** The space of NAS-Bench-Macro, whose 6,561 networks have true accuracies to hold a search against. */
export const spaceNasBenchMacro = definePlugin({
  name: 'space-nas-bench-macro',
  module: 'dna-nas/plugins/space-nas-bench-macro',
  export: 'spaceNasBenchMacro',
  description: 'The 6,561 networks of NAS-Bench-Macro, whose true accuracies on CIFAR-10 are known.',
  commands: [getCommand],
  apply(run) {
    run.hooks.resolveSpace.tap('space-nas-bench-macro', () => createSpace());
  },
});
