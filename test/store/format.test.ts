import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, type UserConfig } from 'dna-nas/configuration';
import { packageVersion } from 'dna-nas/core';
import { attachRunFolder, openRunFolder } from 'dna-nas/core/store';
import { runTask } from 'dna-nas/core/work';
import { forkRun, networkOfRun, reportRun, searchRun } from 'dna-nas/run-tools';
import { listTasks, verifyRun } from 'dna-nas/run-tools/runs';
import { expect, test } from 'vitest';
import { output } from '../cli/output.js';
import { TINY, tinyProject, tinyRequest } from '../run/tiny-run.js';

/** A whole run that dna-nas 0.1.0 left: its folders carry no number of a format. */
const FORMAT_1 = fileURLToPath(new URL('../golden/run-format-1/tiny', import.meta.url));

/** The format that this version writes. */
const FORMAT = 2;

/** The configuration that the run was started with. */
const block = (...channels: number[]) => ({
  stride: 2,
  cells: channels.map((count) => ({ layers: 1, channels: count })),
});
const CONFIG = {
  ...TINY,
  data: { use: 'synthetic', train: 64, validation: 32, test: 32 },
  space: {
    ...(TINY.space as object),
    stem: { channels: 4, stride: 2, separable: 0 },
    blocks: [block(4, 8), block(8)],
    head: 8,
  },
  distill: { ...(TINY.distill as object), epochs: 1 },
  rank: { use: 'candidates', batch: 16, batches: 1 },
  search: { use: 'exact', limits: { params: 2_000 } },
  retrain: {
    use: 'scratch',
    epochs: 2,
    batch: 16,
    optimiser: 'sgd',
    learningRate: { use: 'cosine', rate: 0.1 },
  },
} as UserConfig;

/** A project with a copy of that run. */
async function projectWithRun() {
  const project = await tinyProject();
  const folder = join(project, 'runs/tiny');
  cpSync(FORMAT_1, folder, { recursive: true });
  return { project, folder, request: { ...tinyRequest(project), config: CONFIG } };
}

const outcome = JSON.parse(readFileSync(join(FORMAT_1, 'outcome.json'), 'utf8'));

test('a folder of the format before is read: verified, listed, reported and searched', async () => {
  const { project, folder } = await projectWithRun();
  expect(verifyRun(folder)).toMatchObject({ problems: [], unknown: [] });
  expect(listTasks(folder).tasks.map(({ state }) => state)).toEqual(Array(9).fill('finished'));
  const { complete, summary } = await reportRun({ folder, project });
  expect(complete).toBe(true);
  expect(summary).toMatchObject(outcome);
  expect(networkOfRun(folder, project).architecture).toBe(outcome.architecture);
  const { best } = await searchRun({ folder, project, limits: { params: 2_000 } });
  expect(best).toMatchObject({ text: outcome.architecture, rating: outcome.rating });
  expect(verifyRun(folder)).toMatchObject({ problems: [], unknown: [] });
});

test('its networks have the accuracies that the version before has told', async () => {
  const { project, folder } = await projectWithRun();
  const { networks } = JSON.parse(await output(project, ['evaluate', folder, '--json'])) as {
    networks: readonly { name: string; top1: number }[];
  };
  const told = outcome.networks as typeof networks;
  expect(networks.map(({ name, top1 }) => [name, top1])).toEqual(
    told.filter(({ name }) => name !== 'teacher').map(({ name, top1 }) => [name, top1]),
  );
});

test('only the version that started it resumes it, and a fork starts anew', async () => {
  const { project, folder, request } = await projectWithRun();
  const refused = {
    code: 'RUN_VERSION',
    message: `The run tiny was started by dna-nas 0.1.0, and only that version can resume it; this is ${packageVersion()}.`,
    hint: expect.stringContaining('npx --package dna-nas@0.1.0 dna'),
  };
  await expect(run(request, { inline: true })).rejects.toMatchObject(refused);
  await expect(runTask({ folder, project, task: 'train-b1-c1' })).rejects.toMatchObject(refused);
  expect(verifyRun(folder).problems).toEqual([]);
  const fork = await forkRun(request);
  expect(fork).toMatchObject({ name: 'tiny-2', taken: [] });
  expect(fork!.differences).toContain(`version: "0.1.0" in the run, "${packageVersion()}" now`);
  const { version, format } = attachRunFolder(join(project, 'runs/tiny-2')).readJson('config') as Record<
    string,
    unknown
  >;
  expect({ version, format }).toEqual({ version: packageVersion(), format: FORMAT });
});

test('a folder of a later format is refused by whoever would read or write it', async () => {
  const { project, folder, request } = await projectWithRun();
  const owner = openRunFolder(folder);
  const config = owner.readJson('config') as object;
  owner.writeJson('config', { ...config, format: FORMAT + 1, version: '9.8.7' });
  owner.release();
  const refused = expect.objectContaining({
    code: 'RUN_FORMAT',
    message: expect.stringContaining(`has format ${FORMAT + 1} of dna-nas 9.8.7`),
    hint: 'Use the version that wrote it: npx --package dna-nas@9.8.7 dna …',
  });
  for (const use of [attachRunFolder, openRunFolder, verifyRun, listTasks])
    expect(() => use(folder)).toThrow(refused);
  await expect(reportRun({ folder, project })).rejects.toEqual(refused);
  await expect(run(request, { inline: true })).rejects.toEqual(refused);
  await expect(forkRun(request)).rejects.toEqual(refused);
});

test.each([
  ['a version that is none', { version: '1.0.0 && reboot' }, 'its version is none'],
  ['a format that is no number', { format: '2' }, 'its format is no number of one'],
  ['a later format of no version', { format: 99, version: '$(reboot)' }, 'its version is none'],
])('%s is damage', async (_, change, problem) => {
  const { project, folder } = await projectWithRun();
  const owner = openRunFolder(folder);
  owner.writeJson('config', { ...(owner.readJson('config') as object), ...change });
  owner.release();
  await expect(reportRun({ folder, project })).rejects.toMatchObject({
    code: 'STORE_CORRUPT',
    message: expect.stringContaining(problem),
  });
});

test('a number that was damaged is damage, not a format', async () => {
  const { project, folder } = await projectWithRun();
  const path = join(folder, 'config.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('{', '{ "format": 7,'));
  await expect(reportRun({ folder, project })).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
});
