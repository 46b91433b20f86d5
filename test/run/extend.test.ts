import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolveConfig, run } from 'dna-nas/configuration';
import { beforeAll, describe, expect, it } from 'vitest';
import { TINY, tinyProject, tinyRequest } from './tiny-run.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const LOSS = 'custom-loss/loss-huber.ts';
const SPACE = 'custom-search-space/space-plain-convolution.ts';
const INLINE = { inline: true };

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
    await run(tinyRequest(project), { ...INLINE, until: 'distill' });
    plain = cellOf(project);
  });

  it('a built-in loss is swapped by --set', async () => {
    const project = await tinyProject();
    await run(tinyRequest(project, { set: ['distill.loss=cosine'] }), { ...INLINE, until: 'distill' });
    expect(cellOf(project).equals(plain)).toBe(false);
  });

  it('a loss from a file trains the cells on all worker threads', async () => {
    const { project, file } = await projectWith(LOSS);
    await run(tinyRequest(project, { plugins: [file], set: ['workers=2'] }), { until: 'distill' });
    expect(cellOf(project).equals(plain)).toBe(false);
    const again = await projectWith(LOSS);
    await run(tinyRequest(again.project, { set: [`distill.loss=${file}`] }), { ...INLINE, until: 'distill' });
    expect(cellOf(again.project).equals(cellOf(project))).toBe(true);
  });

  it('a search space from a file is searched and its network retrained', async () => {
    const { project, file } = await projectWith(SPACE);
    await run(tinyRequest(project, { plugins: [file], set: ['search.limits={}'] }), INLINE);
    const summary = summaryOf(project);
    expect(summary.architecture).not.toMatch(/^ir_/);
    expect(summary.networks).toHaveLength(3);
  });

  it('both stand in a configuration, the space with its own kind of networks', async () => {
    const { project, file } = await projectWith(SPACE);
    copyFileSync(join(EXAMPLES, LOSS), join(project, 'my-loss.ts'));
    copyFileSync(join(project, file), join(project, 'my-space.ts'));
    writeFileSync(join(project, 'base.json'), JSON.stringify(TINY));
    writeFileSync(
      join(project, 'dna.config.ts'),
      `import { defineConfig } from 'dna-nas';
       export default defineConfig({
         extends: './base.json',
         space: './my-space.ts',
         distill: { loss: { use: './my-loss.ts', delta: 0.5 } },
         search: { limits: { params: 1e9 } },
       });`,
    );
    await run({ project }, { ...INLINE, until: 'search' });
    const { best } = JSON.parse(readFileSync(join(project, 'runs/tiny/search.json'), 'utf8'));
    expect(best.text).toMatch(/^16: k\S+/);
  });

  it('a built-in is named by its short name or its full one', async () => {
    const [short, full] = await Promise.all(
      ['cosine', 'loss-cosine'].map((name) =>
        resolveConfig({ configFile: false, config: TINY, set: [`distill.loss=${name}`] }),
      ),
    );
    expect(short!.plugins).toEqual(full!.plugins);
    expect(short!.values).toEqual(full!.values);
  });

  it('a file that has changed since the run began is named', async () => {
    const { project, file } = await projectWith(LOSS);
    await run(tinyRequest(project, { plugins: [file] }), { ...INLINE, until: 'distill' });
    copyFileSync(join(EXAMPLES, SPACE), join(project, file));
    await expect(run(tinyRequest(project, { plugins: [file] }), INLINE)).rejects.toThrow(
      /started with something else/,
    );
  });
});
