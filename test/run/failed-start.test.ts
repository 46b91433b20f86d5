import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { describe, expect, it } from 'vitest';
import { tinyProject, tinyRequest } from './tiny-run.js';

const NO_PARTITION = { code: 'PARTITION' };
const OPTIONS = { inline: true };

/** A run that ends where teacher and student cannot be cut so, before any work. */
const failing = (project: string, ...set: string[]) =>
  run(tinyRequest(project, { set: ['partition.cuts=[2]', ...set] }), OPTIONS);

describe('a run that fails before any work', () => {
  it('leaves nothing behind', async () => {
    const project = await tinyProject();
    const before = readdirSync(project);
    await expect(failing(project)).rejects.toMatchObject(NO_PARTITION);
    expect(readdirSync(project)).toEqual(before);
    // On worker threads, and with an option that this machine would remember.
    const set = [`teacher.weightsFile=${join(project, 'teacher.safetensors')}`, 'workers=1'];
    const request = tinyRequest(project, { set: ['partition.cuts=[2]', ...set] });
    await expect(run(request)).rejects.toMatchObject(NO_PARTITION);
    expect(readdirSync(project)).toEqual(before);
  });

  it('leaves what was there before, and the next start begins anew', async () => {
    const project = await tinyProject();
    const runs = join(project, 'runs');
    mkdirSync(runs);
    writeFileSync(join(runs, 'notes.txt'), 'mine');
    await expect(failing(project)).rejects.toMatchObject(NO_PARTITION);
    expect(readdirSync(runs)).toEqual(['notes.txt']);
    expect(await run(tinyRequest(project), { ...OPTIONS, until: 'partition' })).toBeUndefined();
    expect(existsSync(join(runs, 'tiny', 'config.json'))).toBe(true);
  });

  it('stays where it was started before', async () => {
    const project = await tinyProject();
    await run(tinyRequest(project, { set: ['partition.cuts=[2]'] }), { ...OPTIONS, until: 'space' });
    await expect(failing(project)).rejects.toMatchObject(NO_PARTITION);
    expect(existsSync(join(project, 'runs', 'tiny', 'journal.jsonl'))).toBe(true);
  });
});
