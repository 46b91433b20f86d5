import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportJson } from 'dna-nas/plugins/report-json';
import { expect, it } from 'vitest';
import { applied, SUMMARY, temporaryFolder } from './fake-run.js';

it('writes exactly the documented fields, in order', async () => {
  const folder = temporaryFolder();
  const { hooks } = applied(reportJson());
  const [teacher, ...others] = SUMMARY.networks;
  const extended = { stray: 1, ...SUMMARY, networks: [{ ...teacher!, stray: 2 }, ...others] };
  await hooks.runFinished.promise({ summary: extended, folder });
  expect(readdirSync(folder)).toEqual(['summary.json']);
  const text = readFileSync(join(folder, 'summary.json'), 'utf8');
  expect(JSON.parse(text)).toEqual(SUMMARY);
  expect(Object.keys(JSON.parse(text))).toEqual([
    'preset',
    'seed',
    'backend',
    'seconds',
    'architecture',
    'rating',
    'networks',
    'stages',
  ]);
  expect(Object.keys(JSON.parse(text).networks[0])).toEqual(['name', 'params', 'macs', 'top1']);
  expect(text.endsWith('}\n')).toBe(true);
});

it('replaces an earlier summary', async () => {
  const folder = temporaryFolder();
  const { hooks } = applied(reportJson());
  await hooks.runFinished.promise({ summary: SUMMARY, folder });
  await hooks.runFinished.promise({ summary: { ...SUMMARY, preset: null, seed: 2 }, folder });
  expect(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))).toMatchObject({
    preset: null,
    seed: 2,
  });
  expect(readdirSync(folder)).toEqual(['summary.json']);
});

it('fails when the folder is not there', async () => {
  const { hooks } = applied(reportJson());
  const event = { summary: SUMMARY, folder: join(temporaryFolder(), 'gone') };
  await expect(hooks.runFinished.promise(event)).rejects.toThrow('summary.json');
});
