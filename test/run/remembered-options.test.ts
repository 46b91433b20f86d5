import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { resolveConfig, run } from 'dna-nas/configuration';
import { openStoredRun } from 'dna-nas/core/run';
import { configOfRun, reportRun } from 'dna-nas/run-tools';
import { beforeEach, describe, expect, it } from 'vitest';
import { tinyProject, tinyRequest } from './tiny-run.js';

const WEIGHTS = 'kept/teacher.safetensors';
const TOLD = [`teacher.weightsFile=${WEIGHTS}`, 'workers=1'];

let project: string;
const folder = () => join(project, 'runs', 'tiny');
const memory = () => join(project, 'runs', '.machine', hostname(), 'tiny.json');

/** Starts the run whose teacher lies elsewhere on this machine than its configuration says. */
async function start(set: readonly string[]): Promise<void> {
  await run(tinyRequest(project, { set }), { until: 'supernet', inline: true });
}

async function teacherOf(request: { project?: string; machine?: { [path: string]: string } }) {
  const { run } = await openStoredRun({ folder: folder(), project, ...request });
  const source = await run.resolve('resolveTeacher', 'teacher');
  return source.describe();
}

describe('what a machine was told for a run', () => {
  beforeEach(async () => {
    project = await tinyProject();
    mkdirSync(join(project, 'kept'));
    renameSync(join(project, 'teacher.safetensors'), join(project, WEIGHTS));
    await start(TOLD);
  });

  it('need not be told to the next command on it', async () => {
    expect((await teacherOf({})).classes).toBe(4);
    const { machine } = await resolveConfig({ project, likeRun: configOfRun(folder(), project) });
    expect(machine['teacher.weightsFile']).toBe(WEIGHTS);
    await expect(reportRun({ folder: folder(), project, without: ['json'] })).resolves.toBeDefined();
  });

  it('lies beside the run’s folder, without the options of the run itself', () => {
    const { options } = JSON.parse(readFileSync(memory(), 'utf8'));
    expect(options).toMatchObject({ 'teacher.weightsFile': WEIGHTS });
    expect(Object.keys(options)).not.toContain('workers');
  });

  it('gives way to what the next command is told', async () => {
    const other = { 'teacher.weightsFile': 'elsewhere.safetensors' };
    await expect(teacherOf({ machine: other })).rejects.toThrow(/elsewhere\.safetensors/);
  });

  it('is not used in another project, where its paths mean something else', async () => {
    await expect(teacherOf({ project: join(project, 'runs') })).rejects.toThrow(/teacher\.safetensors/);
  });

  it.each(['', '{', '[]', '{"project": 1}', '{"project": "/", "options": {"teacher.weightsFile": "x"}}'])(
    'is as if it were not there where its file says %j',
    async (text) => {
      writeFileSync(memory(), text);
      await expect(teacherOf({})).rejects.toMatchObject({ code: 'TEACHER_WEIGHTS' });
    },
  );

  it('is forgotten where the run is started again without it', async () => {
    renameSync(join(project, WEIGHTS), join(project, 'teacher.safetensors'));
    await start([]);
    expect((await teacherOf({})).classes).toBe(4);
    expect(() => readFileSync(memory(), 'utf8')).toThrow(/ENOENT/);
  });
});
