// What a small run tells its trackers, for tests and for scripts that ask TensorBoard and MLflow themselves.
import { createHooks } from 'dna-nas/core';

export const STEPS = 12;
export const TASKS = ['train-b1-c1', 'retrain-found'];
/** Down to 0, which a file must have as well. */
export const lossOf = (task, step) => ((task.length - 5) * (STEPS - 1 - step)) / STEPS;
export const RATINGS = [0.25, 0.5, 0.75, 1, Number.POSITIVE_INFINITY];
export const PIXELS = Float32Array.from({ length: 27 }, (_, index) => index);
export const SUMMARY = {
  preset: 'quickstart',
  seed: 7,
  backend: 'wasm',
  seconds: 2000,
  architecture: 'b1:c0[k3-e6]',
  rating: 0.125,
  networks: [{ name: 'found', params: 1000, macs: 20_000, top1: 0.75 }],
  stages: { distill: 60, retrain: 40 },
};

/** A plugin, applied to a run whose folder is `<runs>/sample`. */
export function applied(plugin, runs) {
  const hooks = createHooks();
  const config = {
    ...{ version: '0.2.0', preset: 'quickstart', name: 'sample', seed: 7, plugins: [], sources: {} },
    values: {
      seed: 7,
      distill: { use: 'blockwise', epochs: 0.5, decay: 0, fair: false },
      reports: [{ use: 'json' }],
    },
    machine: { runs },
  };
  const resolve = () => Promise.reject(new Error('nothing to resolve'));
  plugin.apply({ hooks, seed: 7, project: runs, main: true, config, resolve });
  return hooks;
}

/** All steps from one on, as after a resume from there; ratings; the end, unless the run is stopped before it. */
export async function tellRun(hooks, { folder, from = 0, until = STEPS, seconds = SUMMARY.seconds }) {
  for (const task of TASKS) {
    for (let step = from; step < until; step++)
      await hooks.stepFinished.promise({ task, step, steps: STEPS, loss: lossOf(task, step) });
  }
  if (until < STEPS) return;
  await hooks.epochFinished.promise({
    task: 'retrain-found',
    epoch: 1,
    epochs: 1,
    metrics: { loss: 0.5, top1: 0.75 },
  });
  const values = Float64Array.from(RATINGS);
  await hooks.ratings.promise([{ block: 0, cell: 0, choices: [values.length], values }]);
  await hooks.runFinished.promise({ folder, summary: { ...SUMMARY, seconds } });
}

/** Feature maps of one image of three by three pixels, and one block. */
export async function tellFeatures(hooks, folder) {
  const shape = { height: 2, width: 2, channels: 2 };
  const features = {
    ...{ shape, error: 0.5, errors: [0.5] },
    teacher: Float32Array.from([0, 2, 2, 4, 4, 6, 6, 8]),
    student: Float32Array.from([1, 1, 1, 1, 5, 5, 5, 5]),
  };
  await hooks.featuresCompared.promise({
    ...{ folder, split: 'validation', image: { height: 3, width: 3, channels: 3 } },
    images: [{ index: 4, label: 1, pixels: PIXELS }],
    blocks: [{ block: 0, name: 'block 1', choice: { cell: 0, path: [0] }, features }],
  });
}
