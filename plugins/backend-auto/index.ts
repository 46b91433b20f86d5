import { builtInBackend } from 'dna-nas/configuration';
import { definePlugin } from 'dna-nas/core';
import type { Backend } from 'dna-nas/core/contracts';
import { type Choice, choose, explain } from './choose.js';

/** Takes the fastest backend that works on this machine, and says which and why. */
export const backendAuto = definePlugin({
  name: 'backend-auto',
  description: 'The fastest backend that works on this machine.',
  module: 'dna-nas/plugins/backend-auto',
  export: 'backendAuto',
  apply(run) {
    run.hooks.resolveBackend.tap(
      'backend-auto',
      (): Backend => ({
        name: 'auto',
        async start(options) {
          const choice = await choose();
          const { description, ...started } = await (await backendOf(choice)).start(options);
          // The numerics stay the chosen one's.
          return { ...started, description: `${description}; auto took ${explain(choice)}` };
        },
        async devices() {
          const backend = await backendOf(await choose());
          return backend.devices?.() ?? [];
        },
        check: async () => ({ works: true, description: `takes ${explain(await choose())}` }),
      }),
    );
  },
});

function backendOf({ candidate }: Choice): Promise<Backend> {
  return builtInBackend(candidate.name, candidate.options);
}
