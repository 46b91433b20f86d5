import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { attachRunFolder } from 'dna-nas/core/store';
import { forkRun } from 'dna-nas/run-tools';
import { verifyRun } from 'dna-nas/run-tools/runs';
import { expect, test } from 'vitest';
import { tinyProject, tinyRequest } from './tiny-run.js';

const SHORT = ['distill.epochs=1', 'rank.batches=1', 'retrain.epochs=1', 'workers=1'];
const request = (project: string, ...set: string[]) => tinyRequest(project, { set: [...SHORT, ...set] });
const folderOf = (project: string, name: string) => join(project, 'runs', name);

/** SHA-256 of the results of a run by task. */
function results(project: string, name: string): Record<string, string> {
  const folder = join(folderOf(project, name), 'results');
  const hash = (file: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((file) => [file, hash(file)]),
  );
}

async function forkAndRun(project: string, ...set: string[]) {
  const fork = await forkRun(request(project, ...set));
  const summary = await run(fork!.request, { inline: true });
  return { fork: fork!, summary };
}

test('a fork takes over what holds, and ends as a run that computed it all', async () => {
  const project = await tinyProject();
  await run(request(project), { inline: true });
  // Nothing to fork: the same configuration, or no run at all.
  expect(await forkRun(request(project))).toBeUndefined();
  expect(await forkRun(request(project, 'name=another'))).toBeUndefined();

  const limits = 'search.limits={params: 4500}';
  await expect(run(request(project, limits), { inline: true })).rejects.toMatchObject({
    code: 'RUN_DIFFERS',
    hint: expect.stringContaining('--fork'),
  });
  const { fork, summary } = await forkAndRun(project, limits);
  expect(fork).toMatchObject({ from: 'tiny', name: 'tiny-2' });
  expect(fork.differences).toEqual(['search.limits.params: 6000 in the run, 4500 now']);
  const ids = (await attachRunFolder(folderOf(project, 'tiny'))).taskIds();
  expect([...fork.taken].sort()).toEqual(ids.filter((id) => /^(train|rate)-/.test(id)));
  expect(verifyRun(folderOf(project, 'tiny-2')).problems).toEqual([]);

  const anew = await run(request(project, limits, 'name=anew'), { inline: true });
  expect(results(project, 'tiny-2')).toEqual(results(project, 'anew'));
  expect(summary!.architecture).toBe(anew!.architecture);
});

test('another rating keeps the training, another training keeps nothing', async () => {
  const project = await tinyProject();
  await run(request(project), { inline: true, until: 'rank' });
  const rated = await forkRun(request(project, 'rank.batches=2'));
  expect(rated!.taken.length).toBeGreaterThan(0);
  expect(rated!.taken.filter((id) => !id.startsWith('train-'))).toEqual([]);

  for (const [number, setting] of ['seed=9', 'distill.epochs=2', 'data.train=128'].entries()) {
    const fork = await forkRun(request(project, setting));
    // What the forks before took over is theirs, though they never ran.
    expect(fork!.name).toBe(`tiny-${number + 3}`);
    expect(fork!.taken).toEqual([]);
  }
});

test('the same fork goes on, another one takes the next number', async () => {
  const project = await tinyProject();
  await run(request(project), { inline: true, until: 'rank' });
  const first = await forkRun(request(project, 'retrain.epochs=2'));
  await run(first!.request, { inline: true, until: 'search' });
  expect((await forkRun(request(project, 'retrain.epochs=2')))!.name).toBe('tiny-2');
  expect((await forkRun(request(project, 'retrain.epochs=3')))!.name).toBe('tiny-3');
});

test('a damaged result is not taken over', async () => {
  const project = await tinyProject();
  await run(request(project), { inline: true, until: 'distill' });
  const folder = join(folderOf(project, 'tiny'), 'results');
  const file = join(folder, readdirSync(folder)[0]!);
  const bytes = readFileSync(file);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(file, bytes);
  await expect(forkRun(request(project, 'retrain.epochs=2'))).rejects.toMatchObject({
    code: 'STORE_CORRUPT',
  });
  expect(readdirSync(join(project, 'runs')).filter((name) => name.startsWith('tiny'))).toEqual(['tiny']);
});
