import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { planRun } from 'dna-nas/run-tools';
import { describe, expect, it } from 'vitest';
import { TINY, tinyProject } from './tiny-run.js';

/** The synthetic images, of which a file says which split its test images are of. */
const DATA = `
import { appendFileSync, readFileSync } from 'node:fs';
import { createHooks, definePlugin } from 'dna-nas/core';
import { dataSynthetic } from 'dna-nas/plugins/data-synthetic';

export default definePlugin({
  name: 'told-data',
  description: 'Synthetic images whose description says where the test images are from.',
  module: import.meta.url,
  apply(run) {
    run.hooks.noticed.tap('told-data', (text) => appendFileSync('FOLDER/noticed.txt', text + '\\n'));
    run.hooks.resolveData.tapPromise('told-data', async () => {
      const hooks = createHooks();
      dataSynthetic({ train: 64, validation: 32, test: 32 }).apply({ ...run, hooks });
      const source = await hooks.resolveData.promise({ slot: 'data' });
      const { testFrom } = JSON.parse(readFileSync('FOLDER/told.json', 'utf8'));
      const open = async (shared) => {
        const dataset = await source.open(shared);
        return {
          description: { ...dataset.description, ...(testFrom && { testFrom }) },
          shared: () => dataset.shared(),
          read: (...what) => dataset.read(...what),
          close: () => dataset.close(),
        };
      };
      return { open };
    });
  },
});
`;

async function project(testFrom?: 'validation' | 'train') {
  const folder = await tinyProject();
  writeFileSync(join(folder, 'data.mjs'), DATA.replaceAll('FOLDER', folder));
  writeFileSync(join(folder, 'told.json'), JSON.stringify({ testFrom }));
  writeFileSync(join(folder, 'noticed.txt'), '');
  const config = {
    ...TINY,
    data: './data.mjs',
    distill: { ...(TINY.distill as object), use: 'blockwise', epochs: 0.3 },
    retrain: { ...(TINY.retrain as object), use: 'scratch', epochs: 0.3 },
  } as const;
  const noticed = () => readFileSync(join(folder, 'noticed.txt'), 'utf8');
  return { request: { project: folder, config }, noticed };
}

const INLINE = { inline: true };
const NETWORK = 'ir_r1_k3_s2_e2_c16_se0.25 | ir_r1_k5_s2_e2_c24_se0.25';

describe('test images that are no images of their own', () => {
  it('are told by plan, run and summary of a search that chose by them', async () => {
    const { request, noticed } = await project('validation');
    const told = /synthetic.* tested on its validation images, by which the search chooses.*flatters/;
    const { findings } = await planRun(request, { seconds: 0 });
    expect(findings.find(({ check }) => check === 'test images')).toMatchObject({
      verdict: 'warning',
      text: expect.stringMatching(told),
    });
    const summary = await run(request, INLINE);
    expect(summary!.warnings).toEqual([expect.stringMatching(told)]);
    expect(noticed()).toMatch(told);
  });

  it('are told of a given network where it was trained on them, and only there', async () => {
    const trained = await project('train');
    const summary = await run({ ...trained.request, architecture: NETWORK }, INLINE);
    expect(summary!.warnings).toEqual([expect.stringMatching(/tested on its training images.*flatter/)]);
    expect(trained.noticed()).toMatch(/tested on its training images/);
    const held = await project('validation');
    const given = { ...held.request, architecture: NETWORK };
    const { findings } = await planRun(given, { seconds: 0 });
    expect(findings.map(({ check }) => check)).not.toContain('test images');
    expect(await run(given, INLINE)).not.toHaveProperty('warnings');
  });

  it('of their own are not spoken of', async () => {
    const { request, noticed } = await project();
    const { findings } = await planRun(request, { seconds: 0 });
    expect(findings.map(({ check }) => check)).not.toContain('test images');
    expect(await run(request, { ...INLINE, until: 'teacher' })).toBeUndefined();
    expect(noticed()).not.toMatch(/test images/);
  });
});
