import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveConfig, run, type UserConfig } from 'dna-nas/configuration';
import { attachRunFolder } from 'dna-nas/core/store';
import { runLike } from 'dna-nas/run-tools';
import { expect, test } from 'vitest';
import { listen } from '../backend-install/listen.js';
import { tinyProject, tinyRequest } from './tiny-run.js';

const SHORT = ['distill.epochs=1', 'rank.batches=1', 'retrain.epochs=1', 'workers=1'];
const like = (project: string, ...set: string[]) => runLike('runs/tiny', { project, set });
const config = (project: string, name: string) =>
  JSON.parse(readFileSync(join(project, 'runs', name, 'config.json'), 'utf8'));

async function searched(): Promise<string> {
  const project = await tinyProject();
  await run(tinyRequest(project, { set: SHORT }), { inline: true, until: 'rank' });
  return project;
}

test('another seed is all that a run with another seed differs in, whatever lies in the folder', async () => {
  const project = await searched();
  const made = await like(project, 'seed=4');
  expect(made).toMatchObject({ name: 'tiny-seed-4', differences: ['seed: 3 in the run, 4 now'] });
  const { values } = await resolveConfig(made.request);
  expect(values).toEqual({ ...config(project, 'tiny').values, seed: 4 });

  await run(made.request, { inline: true, until: 'supernet' });
  const again = await runLike('runs/tiny-seed-4', { project, set: ['seed=5'] });
  expect(again.name).toBe('tiny-seed-5');
});

test('with nothing overridden it is the run itself, which goes on', async () => {
  const project = await searched();
  const { name, differences, request } = await like(project, 'workers=2');
  expect({ name, differences }).toEqual({ name: 'tiny', differences: [] });
  await run(request, { inline: true });
  expect(readdirSync(join(project, 'runs')).filter((entry) => !entry.startsWith('.'))).toEqual(['tiny']);
});

test('another option makes a fork, which takes over what holds', async () => {
  const project = await searched();
  const made = await like(project, 'retrain.epochs=2');
  expect(made.name).toBe('tiny-2');
  expect(made.fork!.taken.length).toBe(attachRunFolder(join(project, 'runs/tiny')).taskIds().length);
  expect((await like(project, 'retrain.epochs=2')).name).toBe('tiny-2');
  expect((await like(project, 'retrain.epochs=2', 'name=mine')).name).toBe('mine');
});

test('a fork that fails before it has work of its own leaves no folder', async () => {
  const project = await searched();
  rmSync(join(project, 'teacher.safetensors'));
  const words = ['run', '--from', 'runs/tiny', '--set', 'retrain.epochs=2', '--set', 'workers=1'];
  const failed = await listen(words, project, {});
  expect(failed.text).toContain(
    'tiny-2 is run as runs/tiny was, apart from\n  retrain.epochs: 1 in the run, 2 now',
  );
  expect(failed.text).toContain('TEACHER_WEIGHTS');
  expect(existsSync(join(project, 'runs/tiny-2'))).toBe(false);
});

test.each([
  [['--preset', 'quickstart'], 'Two configurations are named'],
  [['--fork'], '--from and --fork are both given'],
])('beside %j it is refused', async (words, expected) => {
  const project = await searched();
  const { code, text } = await listen(['run', '--from', 'runs/tiny', ...words], project, {});
  expect(code).toBe(2);
  expect(text).toContain(expected);
});

test('the short run of its preset is short for a run of that preset, too', async () => {
  const project = await tinyProject();
  const base = await resolveConfig({ project, preset: 'quickstart' });
  const values = { ...base.values, name: 'quick' } as UserConfig;
  const short = { project, smoke: true, architecture: 'dna-a' };
  const made = await resolveConfig({ ...short, likeRun: { name: 'quick', preset: 'quickstart', values } });
  expect(made).toMatchObject({ name: 'quick-smoke-dna-a', values: { data: { trainLimit: 640 } } });
  const likeRun = { name: 'quick-smoke', preset: 'quickstart', values: { ...values, name: 'quick-smoke' } };
  const again = await resolveConfig({ ...short, likeRun });
  expect(again.name).toBe('quick-smoke-dna-a');
  await expect(
    resolveConfig({ ...short, likeRun: { name: 'quick', preset: null, values } }),
  ).rejects.toMatchObject({ code: 'CONFIG_SMOKE', message: expect.stringContaining('run quick') });
});

test('a preset under a file is told, and the lines of a new plugin run in that folder', async () => {
  const project = await tinyProject();
  const told = async (words: string[]) => (await listen(words, project, {})).text;
  expect(await told(['config', '--preset', 'quickstart'])).not.toContain('laid over');
  expect(await told(['plugin', 'new', 'loss', 'first'])).toContain(
    'dna run --preset quickstart --plugin ./loss-first/',
  );
  writeFileSync(join(project, 'dna.config.json'), JSON.stringify({ extends: 'quickstart' }));
  const laid = 'what dna.config.json says is laid over it';
  expect(await told(['config', '--preset', 'quickstart'])).toContain(laid);
  expect(await told(['config', '--preset', 'quickstart', '--no-config'])).not.toContain(laid);
  expect(await told(['config'])).not.toContain(laid);
  expect(await told(['plugin', 'new', 'loss', 'second'])).toContain('dna run --plugin ./loss-second/');
});
