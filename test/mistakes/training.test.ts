import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { attachRunFolder } from 'dna-nas/core/store';
import { type FileLayer, nodeFiles } from 'dna-nas/files';
import { expect, test } from 'vitest';
import { reportError } from '../../dist/cli/report-error.js';
import { checkMessage, mistakes } from './check.js';
import { listen, tellInline } from './command-line.js';
import { config, project } from './project.js';

const plugin = (body: string, changes: object = {}) => ({
  ...config({ ...changes, plugins: ['./mine.ts'] }),
  'mine.ts': `import { tf } from 'dna-nas/nn'; export default { name: 'mine', apply(run: any) { ${body} } };`,
});

/** A step that gives a loss that is no number from the sixth on, of one cell. */
const BAD_LOSS = `run.hooks.step.tap('mine', (step: any) => async (features: any, index: number) => {
  const loss = await step(features, index);
  return index < 5 ? loss : NaN;
});`;

/** An optimiser that spoils a weight in its third step, which no loss shows. */
const BAD_WEIGHT = `run.hooks.resolveOptimiser.tap('mine', () => () => {
  let steps = 0;
  return {
    step(parameters: any) {
      const [tensor] = parameters.values();
      const values = tensor.value.dataSync().slice();
      if (++steps === 3) values[0] = Infinity;
      tensor.set(values);
    },
    state: () => new Map(), load() {}, dispose() {},
  };
});
run.hooks.step.tap('mine', (step: any) => async (...given: any[]) => { await step(...given); return 0.5; });`;

/** A loss that wants more memory than the backend has. */
const GREEDY = `run.hooks.loss.tap('mine', (loss: any) => ({
  compute(output: any, target: any) {
    if (output.shape[0] > 4) tf.tile(tf.reshape(output, [-1]), [700000]);
    return loss.compute(output, target);
  },
}));`;

const OFTEN = { checkpointSeconds: 0.000001 };

/** Trainings that go wrong half-way. */
mistakes(
  [
    {
      name: 'a learning rate far too high',
      words: ['run', '--set', 'distill.learningRate.rate=1e25'],
      code: 1,
    },
    {
      name: 'a learning rate far too high in retraining',
      words: ['run', '--set', 'retrain.learningRate.rate=1e30'],
      code: 1,
    },
    {
      name: 'images that are no numbers',
      files: plugin(BAD_LOSS.replace('index < 5', 'index < 0')),
      words: ['run'],
      code: 1,
    },
    { name: 'a loss that becomes NaN', files: plugin(BAD_LOSS, OFTEN), words: ['run'], code: 1 },
    { name: 'a weight that becomes infinite', files: plugin(BAD_WEIGHT, OFTEN), words: ['run'], code: 1 },
  ],
  { inline: true },
);

mistakes([
  { name: 'a loss that becomes NaN in a worker', files: plugin(BAD_LOSS, OFTEN), words: ['run'], code: 1 },
  { name: 'memory that runs out in a worker', files: plugin(GREEDY), words: ['run'], code: 1 },
]);

test.each([
  ['a loss', BAD_LOSS, 5],
  ['a weight', BAD_WEIGHT, 2],
])('%s that is no number leaves the last good checkpoint', async (_, body, step) => {
  const folder = await project(plugin(body, OFTEN));
  const told = await tellInline(folder, ['run']);
  const kept = attachRunFolder(join(folder, 'runs/tiny')).loadCheckpoint('train-b1-c1')!;
  expect(told.text).toContain(`of step ${step}, stays`);
  expect(kept.json.step).toBe(step);
  for (const { data } of kept.tensors.values()) expect(data.every(Number.isFinite)).toBe(true);
  expect(readdirSync(join(folder, 'runs/tiny/results'))).toEqual([]);
});

/** A disk with no room for checkpoints. */
function fullDisk(): FileLayer {
  const checkpoints = new Set<number>();
  return {
    ...nodeFiles,
    open(path, mode) {
      const descriptor = nodeFiles.open(path, mode);
      if (path.includes('checkpoints')) checkpoints.add(descriptor);
      else checkpoints.delete(descriptor);
      return descriptor;
    },
    write(descriptor, bytes, offset) {
      if (!checkpoints.has(descriptor)) return nodeFiles.write(descriptor, bytes, offset);
      throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
    },
  };
}

test('a disk without room', async () => {
  const folder = await project(config(OFTEN));
  const told = await listen(folder, async () => {
    try {
      await run({ project: folder }, { files: fullDisk() });
      return 0;
    } catch (error) {
      return reportError(error, { stack: false });
    }
  });
  expect(told).toMatchSnapshot();
  checkMessage(told);
});
