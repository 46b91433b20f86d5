/** The JSON schema that editors check `dna.config.json` and `dna.config.yaml` by. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { resolveConfig } from 'dna-nas/configuration';
import { builtInPresets } from 'dna-nas/core/plugin';
import { describe, expect, test } from 'vitest';
import { COMPLETE, project } from './project.js';

const schema = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('dna-nas/schema.json'), 'utf8'),
);
const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strictTypes: false }).compile(schema);

/** Paths of what is wrong, down to the deepest. */
function wrong(config: object): string[] {
  validate(config);
  return (validate.errors ?? []).map(({ instancePath }) => instancePath);
}

describe('takes', () => {
  test.each(builtInPresets())('the preset %s', async (name) => {
    const { default: preset } = await import(`dna-nas/presets/${name}`);
    const { smoke, ...config } = preset();
    const laidOver = typeof smoke === 'function' ? {} : { smoke };
    expect(wrong(JSON.parse(JSON.stringify({ ...config, ...laidOver })))).toEqual([]);
  });

  test.each<[string, object]>([
    ['the schema itself', { $schema: './node_modules/dna-nas/configuration/schema.json', seed: 2 }],
    ['files and exports of packages', { space: './space.ts', distill: { loss: 'losses#mine' } }],
    [
      'options of a file',
      { distill: { loss: { use: './loss.ts', power: 2 } }, plugins: [{ use: 'x', y: 1 }] },
    ],
    ['full names', { distill: { use: 'distill-blockwise', epochs: 2, loss: 'loss-cosine' } }],
    ['options of what a preset has chosen', { extends: 'quickstart', distill: { epochs: 2 } }],
  ])('%s', (_, config) => expect(wrong(config)).toEqual([]));
});

describe('refuses', () => {
  test.each<[string, object, string]>([
    ['an option that is misspelt', { sead: 2 }, ''],
    ['a preset that is not there', { extends: 'quikstart' }, '/extends'],
    ['a plugin that is not there', { distill: { loss: 'cosin' } }, '/distill/loss'],
    ['a plugin of another kind', { distill: 'cosine' }, '/distill'],
    ['a report that is not there', { reports: ['htlm'] }, '/reports/0'],
    ['a misspelt option of the chosen plugin', { distill: { use: 'blockwise', bacth: 3 } }, '/distill'],
    ['a misspelt option without a plugin', { distill: { epochs: 2, bacth: 3 } }, '/distill'],
    [
      'an option of another plugin',
      { retrain: { optimiser: { use: 'sgd', beta1: 1 } } },
      '/retrain/optimiser',
    ],
    ['a value out of its range', { retrain: { use: 'scratch', dropout: 1 } }, '/retrain/dropout'],
    ['a wrong value in smoke', { smoke: { rank: { batches: 'one' } } }, '/smoke/rank/batches'],
  ])('%s', (_, config, path) => expect(wrong(config)).toContain(path));
});

test('a file may name its schema', async () => {
  const folder = project({
    'dna.config.json': { $schema: './node_modules/dna-nas/configuration/schema.json', ...COMPLETE },
  });
  expect((await resolveConfig({ project: folder })).values).not.toHaveProperty('$schema');
});
