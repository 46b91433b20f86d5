import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, type UserConfig } from 'dna-nas/configuration';
import type { StageName } from 'dna-nas/core/stages';
import type { DnaError } from 'dna-nas/errors';
import { tf } from 'dna-nas/nn';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LimitedMemory } from './limited-memory.js';
import { TINY, tinyProject } from './tiny-run.js';

const NOTICES = `
import { appendFileSync } from 'node:fs';
import { definePlugin } from 'dna-nas/core';
export default definePlugin({
  name: 'notices',
  description: 'Keeps what is noticed.',
  module: import.meta.url,
  apply: (run) => run.hooks.noticed.tap('notices', (text) => appendFileSync(run.project + '/notices.txt', text + '\\n')),
});
`;
/** Two steps of a cell a block, as the backend in JavaScript is slow. */
const CONFIG = {
  ...TINY,
  backend: 'cpu',
  plugins: ['./notices.mjs'],
  data: { ...(TINY.data as object), use: 'synthetic', train: 64, validation: 32, test: 16 },
  space: {
    ...(TINY.space as object),
    use: 'mbconv',
    blocks: [
      { stride: 2, cells: [{ layers: 2, channels: 8 }] },
      { stride: 2, cells: [{ layers: 1, channels: 16 }] },
    ],
  },
  distill: { ...(TINY.distill as object), use: 'blockwise', epochs: 0.5 },
  rank: { use: 'candidates', batch: 16, batches: 2 },
  retrain: { ...(TINY.retrain as object), use: 'scratch', epochs: 0.5, networks: ['found'] },
} as UserConfig;

let memory: LimitedMemory;
let project: string;

beforeEach(async () => {
  await startCpuBackend();
  memory = new LimitedMemory();
  project = await newProject();
});
afterEach(() => vi.restoreAllMocks());

async function newProject(): Promise<string> {
  const folder = await tinyProject();
  writeFileSync(join(folder, 'notices.mjs'), NOTICES);
  writeFileSync(join(folder, 'notices.txt'), '');
  return folder;
}

const advance = (until: StageName | undefined, set: readonly string[] = [], at = project) =>
  run({ project: at, config: CONFIG, set: [...set] }, { inline: true, ...(until && { until }) });

/** Runs on with a share of the memory that a stage takes; answers the error. */
async function failing(until: StageName | undefined, set: readonly string[] = []): Promise<DnaError> {
  return advance(until, set).then(
    () => {
      throw new Error('There was memory enough.');
    },
    (error: DnaError) => error,
  );
}

/** Most bytes of the stages up to one, of those after another, which are done before. */
async function peakOf(
  until: StageName | undefined,
  { after, set = [] }: { after?: StageName; set?: string[] },
) {
  const other = await newProject();
  if (after) {
    await advance(after, set, other);
    cpSync(join(other, 'runs'), join(project, 'runs'), { recursive: true });
  }
  memory.peak = 0;
  await advance(until, set, other);
  return { other, peak: memory.peak };
}

/** The batch that an error says to take, by an option, and that this was tried. */
function advised({ code, hint = '' }: DnaError, option: string): number {
  expect(code).toBe('OUT_OF_MEMORY');
  const pattern = new RegExp(
    `^Start another run with smaller batches: --set name=NAME --set ${option}=(\\d+)\\. (\\d+) at a time were tried now, and fit\\.$`,
  );
  expect(hint).toMatch(pattern);
  const [, value, tried] = pattern.exec(hint)!;
  expect(tried).toBe(value);
  return Number(value);
}

describe('where memory runs out', () => {
  it('a rating goes on with fewer images at a time, to the same bits, and says so', async () => {
    const set = ['rank.calibrationBatches=0'];
    const { other, peak } = await peakOf('rank', { after: 'distill', set });
    memory.limit = 0.7 * peak;
    await advance('rank', set);
    const ratings = (folder: string) => readFileSync(join(folder, 'runs/tiny/ratings.json'));
    expect(ratings(project).equals(ratings(other))).toBe(true);
    expect(readFileSync(join(other, 'notices.txt'), 'utf8')).not.toMatch(/memory/);
    expect(readFileSync(join(project, 'notices.txt'), 'utf8')).toMatch(
      /^(The rating of rate-b\d-c\d|The teacher) has no memory for 16 images at a time\. It goes on with \d+; no result depends on that\.$/m,
    );
  });

  it('a rating whose statistics depend on its batch names one that fits', async () => {
    const { peak } = await peakOf('rank', { after: 'distill' });
    memory.limit = 0.5 * peak;
    const error = await failing('rank');
    expect(error.message).toMatch(/^Task rate-b\d-c\d, in batches of 16: The backend is out of memory\.$/);
    const batch = advised(error, 'rank.batch');
    expect(batch).toBeLessThan(16);
    memory.limit = Number.POSITIVE_INFINITY;
    const smaller = [`rank.batch=${batch}`, 'name=smaller'];
    await advance('distill', smaller);
    memory.limit = 0.5 * peak;
    await advance('rank', smaller);
  });

  it.each([
    { tells: true, paths: 1, share: 0.6 },
    { tells: false, paths: 2, share: 0.6 },
    // Half of the batch, which is tried first, does not fit either.
    { tells: false, paths: 1, share: 0.4 },
  ])('a distillation names a batch that fits: %j', async ({ tells, paths, share }) => {
    const set = [`distill.pathsPerStep=${paths}`];
    const { peak } = await peakOf('distill', { set });
    Object.assign(memory, { limit: share * peak, tells });
    const tensors = tf.memory().numTensors;
    const error = await failing('distill', set);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(error.message).toMatch(/^Task train-b\d-c\d, in batches of 16: The backend is out of memory\.$/);
    const batch = advised(error, 'distill.batch');
    expect(batch % paths).toBe(0);
    // Half alone would do where nothing is told.
    if (!tells) expect(batch).toBeLessThanOrEqual(8);
    await advance('distill', [...set, `distill.batch=${batch}`, 'name=smaller']);
  });

  it.each([
    { micro: 0, option: 'retrain.batch' },
    { micro: 8, option: 'retrain.microBatch' },
  ])('a training from scratch names a batch that fits: $option', async ({ micro, option }) => {
    const set = [`retrain.microBatch=${micro}`];
    const { peak } = await peakOf(undefined, { after: 'search', set });
    memory.limit = 0.6 * peak;
    const error = await failing(undefined, set);
    expect(error.message).toMatch(
      /^Task retrain-found, in batches of (16|8): The backend is out of memory\.$/,
    );
    const batch = advised(error, option);
    expect(16 % batch === 0 || micro === 0).toBe(true);
    memory.limit = Number.POSITIVE_INFINITY;
    const smaller = [...set, `${option}=${batch}`, 'name=smaller'];
    await advance('search', smaller);
    memory.limit = 0.6 * peak;
    await advance(undefined, smaller);
  });
});
