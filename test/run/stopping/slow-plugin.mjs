// Writes every unit of work of a run into a file, and makes the process get a signal in one of them: that unit is so
// slow that it ends only after the process has heard the signal, or never.
import { appendFileSync, existsSync } from 'node:fs';
import { definePlugin } from 'dna-nas/core';

const slow = JSON.parse(process.env.DNA_TEST_SLOW ?? '{}');
const { place, at = 1, signal = 'SIGTERM', again = false, never = false } = slow;
const LONGEST_WAIT_MILLISECONDS = 60_000;

const log = (line) => appendFileSync('units.log', `${line}\n`);
const sleep = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

let count = 0;

function unit(of) {
  log(of);
  if (of !== place || ++count !== at) return;
  log('signal');
  process.kill(process.pid, signal);
  for (let waited = 0; !existsSync('heard'); waited += 5) {
    if (waited >= LONGEST_WAIT_MILLISECONDS) return log('deaf');
    sleep(5);
  }
  log('heard');
  if (again) process.kill(process.pid, signal);
  while (never) sleep(1000);
}

/** The object with some methods that are a unit of work first. */
function slowed(object, units) {
  return new Proxy(object, {
    get(target, name) {
      const value = target[name];
      if (typeof value !== 'function') return value;
      return (...given) => {
        const of = units[name]?.(...given);
        if (of) unit(of);
        return value.apply(target, given);
      };
    },
  });
}

/** Changes what the taps of a hook answer. */
function wrap(hook, change) {
  hook.intercept({
    register: (tap) => ({
      ...tap,
      type: 'promise',
      fn: async (...given) => {
        const found = tap.type === 'promise' ? await tap.fn(...given) : tap.fn(...given);
        return found && change(found, ...given);
      },
    }),
  });
}

const slowDataset = (dataset) =>
  slowed(dataset, { read: (split, _, options) => `read ${split} ${options?.stage ?? ''}`.trim() });
const slowTeacher = (teacher) =>
  slowed(teacher, { features: () => 'teacher features', logits: () => 'teacher logits' });
const slowCell = (cell) =>
  slowed(cell, { layer: (_, __, ___, { mode }) => mode !== 'train' && `layer ${mode}` });

export default definePlugin({
  name: 'slow',
  description: 'Slows one unit of a run, in which the process gets a signal.',
  module: import.meta.url,
  apply(run) {
    const { hooks } = run;
    hooks.step.tap('slow', (step) =>
      Object.assign(async (...given) => {
        unit('distill step');
        return step(...given);
      }, step),
    );
    wrap(hooks.resolveRating, (rating) => slowed(rating, { compute: () => 'rating' }));
    wrap(hooks.resolveOptimiser, (create, { slot }) =>
      slot === 'retrain.optimiser' ? () => slowed(create(), { step: () => 'retrain step' }) : create,
    );
    wrap(hooks.resolveData, (source) => ({
      ...source,
      open: async (...given) => slowDataset(await source.open(...given)),
    }));
    wrap(hooks.resolveTeacher, (source) => ({
      ...source,
      load: async () => slowTeacher(await source.load()),
    }));
    wrap(hooks.resolveSearch, (search) => slowed(search, { check: () => 'limits', search: () => 'search' }));
    wrap(hooks.resolveSupernet, (supernet) => ({
      ...supernet,
      createCell: (...given) => slowCell(supernet.createCell(...given)),
    }));
  },
});
