import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from 'dna-nas/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { tinyProject, tinyRequest } from './tiny-run.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const LOSS = 'custom-loss/loss-huber.ts';
const SPACE = 'custom-search-space/space-plain-convolution.ts';

/** A project with an example's file in it, as an author of plugins has it. */
async function projectWith(example: string): Promise<{ project: string; file: string }> {
  const project = await tinyProject();
  const file = example.split('/').at(-1)!;
  copyFileSync(join(EXAMPLES, example), join(project, file));
  return { project, file: `./${file}` };
}

const cellOf = (project: string) => readFileSync(join(project, 'runs/tiny/results/train-b1-c1.safetensors'));
const summaryOf = (project: string) =>
  JSON.parse(readFileSync(join(project, 'runs/tiny/summary.json'), 'utf8'));

describe('a part of one’s own', () => {
  let plain: Buffer;

  beforeAll(async () => {
    const project = await tinyProject();
    await run(tinyRequest(project, { set: ['workers=1'] }), { until: 'distill' });
    plain = cellOf(project);
  });

  it('a built-in loss is swapped by --set', async () => {
    const project = await tinyProject();
    await run(tinyRequest(project, { set: ['distill.loss=cosine'] }), { until: 'distill' });
    expect(cellOf(project).equals(plain)).toBe(false);
  });

  it('a loss from a file trains the cells on all worker threads', async () => {
    const { project, file } = await projectWith(LOSS);
    await run(tinyRequest(project, { plugins: [file], set: ['workers=2'] }), { until: 'distill' });
    expect(cellOf(project).equals(plain)).toBe(false);
    const again = await projectWith(LOSS);
    await run(tinyRequest(again.project, { set: [`distill.loss=${file}`, 'workers=1'] }), {
      until: 'distill',
    });
    expect(cellOf(again.project).equals(cellOf(project))).toBe(true);
  });

  it('a search space from a file is searched and its network retrained', async () => {
    const { project, file } = await projectWith(SPACE);
    await run(tinyRequest(project, { plugins: [file], set: ['workers=2', 'search.limits={}'] }));
    const summary = summaryOf(project);
    expect(summary.architecture).not.toMatch(/^ir_/);
    expect(summary.networks).toHaveLength(3);
  });

  it('a file that has changed since the run began is named', async () => {
    const { project, file } = await projectWith(LOSS);
    await run(tinyRequest(project, { plugins: [file] }), { until: 'distill' });
    copyFileSync(join(EXAMPLES, SPACE), join(project, file));
    await expect(run(tinyRequest(project, { plugins: [file] }))).rejects.toThrow(
      /started with something else/,
    );
  });
});
