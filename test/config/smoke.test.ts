import { resolveConfig } from 'dna-nas/configuration';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { COMPLETE, project } from './project.js';

test('smoke lies over presets and files, and below --set', async () => {
  const folder = project({
    'base.yaml': stringify({
      ...COMPLETE,
      seed: 2,
      search: { use: COMPLETE.search, size: 3, mode: 'sum' },
      smoke: { seed: 20, search: { size: 7, list: [3] } },
    }),
    'near.json': { extends: './base.yaml', seed: 4, search: { size: 4 }, smoke: { search: { list: [40] } } },
  });
  const request = { project: folder, configFile: 'near.json', set: ['search.mode=mean'] };
  const smoke = await resolveConfig({ ...request, smoke: true });
  expect(smoke.values.search).toEqual({ use: './stages.ts#search', size: 7, mode: 'mean', list: [40] });
  expect(smoke).toMatchObject({ seed: 20, name: 'run-smoke' });
  expect(smoke.sources).toMatchObject({
    seed: 'smoke of file base.yaml',
    'search.list': 'smoke of file near.json',
    'search.mode': '--set',
  });
  const plain = await resolveConfig(request);
  expect(plain.values.search).toMatchObject({ size: 4, mode: 'mean', list: [1, 2] });
  expect(plain).toMatchObject({ seed: 4, name: 'run' });
});

test('a smoke run has a name of its own', async () => {
  const named = { ...COMPLETE, name: 'mine', smoke: {} };
  const name = async (set: string[]) =>
    (await resolveConfig({ project: project({ 'dna.config.json': named }), smoke: true, set })).name;
  expect(await name([])).toBe('mine-smoke');
  expect(await name(['name=other'])).toBe('other');
});

test('a program may prepare files for its smoke', async () => {
  const program = `import { writeFileSync } from 'node:fs';
    export default { ...${JSON.stringify(COMPLETE)}, async smoke(project) {
      writeFileSync(project + '/prepared', '');
      return { seed: 7 };
    } };`;
  const folder = project({ 'dna.config.mjs': program });
  expect((await resolveConfig({ project: folder })).seed).toBe(1);
  expect((await resolveConfig({ project: folder, smoke: true })).seed).toBe(7);
});

test('what is wrong is told', async () => {
  const request = (config: object) => ({ project: project({ 'dna.config.json': config }), smoke: true });
  await expect(resolveConfig(request(COMPLETE))).rejects.toMatchObject({ code: 'CONFIG_SMOKE', exitCode: 2 });
  await expect(resolveConfig(request({ ...COMPLETE, smoke: 3 }))).rejects.toThrow(
    /smoke .*file dna.config.json.*\n.*3/,
  );
  await expect(resolveConfig(request({ ...COMPLETE, smoke: { serach: {} } }))).rejects.toThrow(
    /serach .*smoke of file dna.config.json/,
  );
  const set = { project: project({ 'dna.config.json': COMPLETE }), set: ['smoke.seed=3'] };
  await expect(resolveConfig(set)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});
