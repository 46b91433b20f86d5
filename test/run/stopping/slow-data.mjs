// Synthetic images of which every batch takes longer than a loop may keep the main thread, once the process has got a
// signal in one of them.
import { appendFileSync } from 'node:fs';
import { definePlugin } from 'dna-nas/core';
import { dataSynthetic } from 'dna-nas/plugins/data-synthetic';

const { at = Number.POSITIVE_INFINITY } = JSON.parse(process.env.DNA_TEST_SLOW ?? '{}');
const MILLISECONDS = 150;
const OPTIONS = { size: 8, classes: 3, train: 48, validation: 16, test: 32, noise: 0.1 };

let count = 0;

function slow() {
  appendFileSync('units.log', 'read\n');
  count += 1;
  if (count < at) return;
  if (count === at) {
    appendFileSync('units.log', 'signal\nheard\n');
    process.kill(process.pid, 'SIGTERM');
  }
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MILLISECONDS);
}

export default definePlugin({
  name: 'slow-data',
  description: 'Images that come slowly.',
  module: import.meta.url,
  apply(run) {
    const plugin = dataSynthetic(OPTIONS);
    run.hooks.resolveData.intercept({
      register: (tap) => ({
        ...tap,
        type: 'promise',
        fn: async (...given) => {
          const source = await tap.fn(...given);
          return source && { ...source, open: async (shared) => slowed(await source.open(shared)) };
        },
      }),
    });
    plugin.apply(run);
  },
});

function slowed(dataset) {
  return new Proxy(dataset, {
    get(target, name) {
      const value = target[name];
      if (typeof value !== 'function') return value;
      return (...given) => {
        if (name === 'read') slow();
        return value.apply(target, given);
      };
    },
  });
}
