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

it('writes how networks differ, behind them', async () => {
  const folder = temporaryFolder();
  const comparison = { network: 'found', against: 'random', difference: 0.0161, images: 10_000 };
  const comparisons = [{ ...comparison, interval: [0.0102, 0.022] as const, discordant: 900 }];
  await applied(reportJson()).hooks.runFinished.promise({ summary: { ...SUMMARY, comparisons }, folder });
  const written = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));
  expect(written.comparisons).toEqual(comparisons);
  expect(Object.keys(written).slice(-3)).toEqual(['networks', 'comparisons', 'stages']);
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
