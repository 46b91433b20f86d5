// Plugins that watch which images each optimiser step consumes. An optimiser carries the list in its state, so that
// it goes to the disk with the weights that those images made.
import { createHash } from 'node:crypto';
import { definePlugin } from 'dna-nas/core';
import { adam } from 'dna-nas/nn/optimisers';
import { dataSynthetic } from 'dna-nas/plugins/data-synthetic';

const CONSUMED = 'consumed';

globalThis.dnaWatched ??= { read: [], disposed: [], noticed: [] };
const watched = globalThis.dnaWatched;

/** Indices of a batch, then a number of its pixels, which the augmentation's draws have changed. */
function mark(indices, images) {
  const hash = createHash('sha256').update(
    new Uint8Array(images.buffer, images.byteOffset, images.byteLength),
  );
  return [...indices, hash.digest().readUIntBE(0, 3)];
}

function watch(dataset) {
  return {
    ...dataset,
    description: dataset.description,
    shared: () => dataset.shared(),
    close: () => dataset.close(),
    async read(split, indices, options) {
      const batch = await dataset.read(split, indices, options);
      if (options?.augment) watched.read = mark(indices, batch.images);
      return batch;
    },
  };
}

export const dataWatched = definePlugin({
  name: 'data-watched',
  description: 'The synthetic images, watched.',
  module: import.meta.url,
  export: 'dataWatched',
  apply(run) {
    const options = {
      size: 8,
      classes: 3,
      train: 24,
      validation: 8,
      test: 8,
      augment: { flip: 0.5, shift: 1 },
    };
    let source;
    const resolveData = { tap: (_, answer) => (source = answer()) };
    dataSynthetic(options).apply({ ...run, hooks: { ...run.hooks, resolveData } });
    run.hooks.resolveData.tap('data-watched', () => ({
      open: async (shared) => watch(await source.open(shared)),
    }));
  },
});

function watchedAdam() {
  const inner = adam();
  let consumed = [];
  return {
    step(...values) {
      consumed = [...consumed, ...watched.read];
      inner.step(...values);
    },
    state() {
      const data = Float32Array.from(consumed);
      return new Map([...inner.state(), [CONSUMED, { shape: [data.length], data }]]);
    },
    load(state) {
      const rest = new Map(state);
      consumed = [...rest.get(CONSUMED).data];
      rest.delete(CONSUMED);
      inner.load(rest);
    },
    dispose() {
      watched.disposed.push(consumed);
      inner.dispose();
    },
  };
}

export const optimiserWatched = definePlugin({
  name: 'optimiser-watched',
  description: 'Adam that knows what it has consumed.',
  module: import.meta.url,
  export: 'optimiserWatched',
  apply(run) {
    run.hooks.resolveOptimiser.tap('optimiser-watched', () => watchedAdam);
  },
});

export const noticesWatched = definePlugin({
  name: 'notices-watched',
  description: 'Keeps what the run told.',
  module: import.meta.url,
  export: 'noticesWatched',
  apply(run) {
    run.hooks.noticed.tap('notices-watched', (text) => void watched.noticed.push(text));
  },
});
