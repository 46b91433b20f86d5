import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHooks, type RunHooks } from 'dna-nas/core';
import { reportTo } from 'dna-nas/plugins/report-console';
import { expect, it } from 'vitest';
import { FakeConsole, SUMMARY, temporaryFolder } from './fake-run.js';

/** Off a terminal. */
function started(): { hooks: RunHooks; console: FakeConsole } {
  const hooks = createHooks();
  const console = new FakeConsole(false);
  console.progress.columns = 80;
  reportTo(hooks, console);
  return { hooks, console };
}

it('does without a rating of the random network', async () => {
  const { hooks, console } = started();
  await hooks.runFinished.promise({ summary: SUMMARY, folder: '/nowhere/at-all' });
  expect(console.resultText).toMatch(/random .* –\n/);
});

it('tells what takes the worth from all figures before them', async () => {
  const { hooks, console } = started();
  const warnings = ['The teacher is UNTRAINED.'];
  await hooks.runFinished.promise({ summary: { ...SUMMARY, warnings }, folder: '/nowhere/at-all' });
  expect(console.resultText).toMatch(/^\nWARNING {2}The teacher is UNTRAINED\.\n\nnetwork /);
});

it('shows the ends of many networks, and no weights of each', async () => {
  const { hooks, console } = started();
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'truth.csv'), '');
  const networks = Array.from({ length: 13 }, (_, index) => ({
    ...{ name: `n${index + 1}-s1`, params: 1000, macs: 2000, images: 100 },
    top1: ((7 * index) % 13) / 100,
  }));
  await hooks.runFinished.promise({ summary: { ...SUMMARY, rating: null, networks }, folder });
  const rows = console.resultText.split('\n').filter((line) => /^n\d+-s1|others/.test(line));
  expect(rows.map((row) => /others|\S+ %/.exec(row)![0])).toEqual([
    ...['12.00 %', '11.00 %', '10.00 %', '9.00 %', 'others', '3.00 %', '2.00 %', '1.00 %', '0.00 %'],
  ]);
  expect(rows[4]).toMatch(/^… 5 others/);
  expect(console.resultText).toContain('truth.csv');
  expect(console.resultText).not.toContain('.safetensors');
});
