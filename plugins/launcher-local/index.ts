import { definePlugin } from 'dna-nas/core';

/** The process of the run executes the tasks itself. */
export const launcherLocal = definePlugin({
  name: 'launcher-local',
  description: 'The process of the run executes the tasks itself.',
  module: 'dna-nas/plugins/launcher-local',
  export: 'launcherLocal',
  apply(run) {
    run.hooks.resolveLauncher.tap('launcher-local', () => ({ where: 'here' }));
  },
});
