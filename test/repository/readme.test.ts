import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveConfig } from 'dna-nas/configuration';
import { expect, onTestFinished, test } from 'vitest';
import { read } from './sources.js';

const blocks = [...read('README.md').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block]) => block!);

test('the loss of the README is the one of the examples', () => {
  expect(blocks).toContain(read('examples/custom-loss/loss-huber.ts'));
});

test('the configuration of the README resolves', async () => {
  const project = mkdtempSync(join(tmpdir(), 'dna-readme-'));
  onTestFinished(() => rmSync(project, { recursive: true }));
  writeFileSync(join(project, 'dna.config.ts'), blocks.find((block) => block.includes('defineConfig'))!);
  const { preset, name, plugins } = await resolveConfig({ project });
  expect({ preset, name }).toEqual({ preset: 'quickstart', name: 'narrow' });
  expect(plugins.map((plugin) => plugin.name)).toEqual(
    expect.arrayContaining(['loss-relative-l1', 'schedule-exponential']),
  );
});

test('the commands of the first lines are those that CI runs', () => {
  const ci = read('.ci/run');
  expect(ci).toContain('npm ci');
  expect(ci).toContain('npm test');
  expect(read('README.md')).toContain('```sh\nnpm ci && npx dna run --preset quickstart\nnpm test\n```');
});
