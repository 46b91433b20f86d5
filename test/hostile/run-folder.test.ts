import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from 'dna-nas/configuration';
import { attachRunFolder, openRunFolder } from 'dna-nas/core/store';
import { runTask } from 'dna-nas/core/work';
import { verifyRun } from 'dna-nas/run-tools/runs';
import { afterEach, describe, expect, test } from 'vitest';
import { COMPLETE, project } from '../config/project.js';
import {
  configWith,
  journalLine,
  layOut,
  ranStrangeCode,
  SPEAKING,
  sealed,
  strangeProject,
  write,
} from './strange-run.js';

afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

const foreign = expect.objectContaining({ name: 'DnaError', code: 'MODULE_FOREIGN' });
const corrupt = expect.objectContaining({ name: 'DnaError', code: 'STORE_CORRUPT' });

describe('a task loads no code of a stranger', () => {
  const { parent, project, run } = { parent: '..', project: '.', run: './runs/strange' };

  test.each([
    `${run}/evil.mjs`,
    `${run}/evil`,
    `${project}/runs/../runs/strange/evil.mjs`,
    `${run}/evil.mjs?query`,
    `${parent}/outside.mjs`,
    './link.mjs',
    './linked/evil.mjs',
    './link',
    'linked-package',
    '../project/runs/strange/evil.mjs',
    'data:text/javascript,globalThis.strangeCodeRan=true',
    'node:child_process',
    'child_process',
    'fs/promises',
    'https://example.org/evil.mjs',
    'dna-nas/plugins/../../evil',
    'dna-nas/core',
    'lodash/../../runs/strange/evil.mjs',
    '.\\runs\\strange\\evil.mjs',
    '#evil',
    '',
  ])('%j is refused', async (module) => {
    const place = strangeProject();
    write(join(place.run, 'evil.mjs'), SPEAKING);
    write(join(place.parent, 'outside.mjs'), SPEAKING);
    symlinkSync(join(place.run, 'evil.mjs'), join(place.project, 'link.mjs'));
    symlinkSync(place.run, join(place.project, 'linked'));
    write(join(place.run, 'package.json'), '{"name":"linked-package","exports":"./evil.mjs"}');
    mkdirSync(join(place.project, 'node_modules'));
    symlinkSync(place.run, join(place.project, 'node_modules', 'linked-package'));
    layOut(place.run, configWith(module));
    await expect(runTask({ folder: place.run, task: 'train-a', project: place.project })).rejects.toThrow(
      foreign,
    );
    expect(ranStrangeCode()).toBe(false);
  });

  test('absolute paths and file URLs are refused', async () => {
    const place = strangeProject({ 'mine.mjs': SPEAKING });
    for (const module of [
      join(place.project, 'mine.mjs'),
      pathToFileURL(join(place.project, 'mine.mjs')).href,
    ]) {
      const { reference, ...plugin } = configWith('x').plugins[0]!;
      const folder = openRunFolder(place.run);
      // Written by hand: the store keeps no absolute path.
      folder.writeTask({ id: 'train-a', stage: 'distill', needs: [], work: 1, input: {} });
      folder.release();
      const config = { ...configWith('x'), plugins: [{ ...plugin, reference: { ...reference, module } }] };
      write(join(place.run, 'config.json'), JSON.stringify(config));
      await expect(runTask({ folder: place.run, task: 'train-a', project: place.project })).rejects.toThrow(
        foreign,
      );
    }
    expect(ranStrangeCode()).toBe(false);
  });

  test('a run that is the project itself loads nothing of it', async () => {
    const place = strangeProject();
    write(join(place.run, 'evil.mjs'), SPEAKING);
    layOut(place.run, configWith('./evil.mjs'));
    await expect(runTask({ folder: place.run, task: 'train-a', project: place.run })).rejects.toThrow(
      foreign,
    );
    expect(ranStrangeCode()).toBe(false);
  });

  test("the project's own file is loaded only if it is the one that the run had", async () => {
    const mine = `${SPEAKING.replace('strangeCodeRan', 'ownCodeRan')}`;
    const place = strangeProject({ 'mine.mjs': mine });
    const start = () => runTask({ folder: place.run, task: 'train-a', project: place.project });
    layOut(place.run, configWith('./mine.mjs'));
    await expect(start()).rejects.toThrow(expect.objectContaining({ code: 'PLUGIN_CHANGED' }));
    layOut(place.run, configWith('./mine.mjs', { sha256: undefined }));
    await expect(start()).rejects.toThrow(foreign);
    expect('ownCodeRan' in globalThis).toBe(false);
    const { createHash } = await import('node:crypto');
    layOut(place.run, configWith('./mine.mjs', { sha256: createHash('sha256').update(mine).digest('hex') }));
    // It was let through: only then can it be found to export no plugin.
    await expect(start()).rejects.toThrow(expect.objectContaining({ code: 'PLUGIN_EXPORT' }));
    expect('ownCodeRan' in globalThis).toBe(true);
  });
});

describe('files that are sealed and yet not what they should be', () => {
  const builtIn = (plugin: object) => configWith('dna-nas/plugins/loss-cosine', plugin);
  const reference = { module: 'dna-nas/plugins/loss-cosine', export: 'lossCosine', options: {} };

  test.each([
    ['null', null],
    ['a list', []],
    ['text', 'config'],
    ['no plugins', { ...builtIn({}), plugins: {} }],
    ['a plugin that is null', { ...builtIn({}), plugins: [null] }],
    ['no values', { ...builtIn({}), values: null }],
    ['a seed in words', { ...builtIn({}), seed: 'one' }],
    ['a slot that is none', builtIn({ slot: 'toString' })],
    ['a name that is none', builtIn({ name: {} })],
    ['a hash that is none', builtIn({ sha256: 1 })],
    ['no options', builtIn({ reference: { ...reference, options: null } })],
    ['a module that is none', builtIn({ reference: { ...reference, module: {} } })],
    [
      'an export of the prototype',
      builtIn({ reference: { ...reference, export: 'constructor.constructor' } }),
    ],
    ['an export by __proto__', builtIn({ reference: { ...reference, export: 'default.__proto__.x' } })],
  ])('config.json with %s', async (_, config) => {
    const { project, run } = strangeProject();
    layOut(run, config);
    await expect(runTask({ folder: run, task: 'train-a', project })).rejects.toThrow(corrupt);
  });

  test.each([{ stage: 'toString' }, { needs: null }, { work: '1' }, { input: [] }])(
    'a task with %j',
    async (task) => {
      const { project, run } = strangeProject();
      layOut(run, { ...configWith(''), plugins: [] }, task);
      await expect(runTask({ folder: run, task: 'train-a', project })).rejects.toThrow(corrupt);
    },
  );

  test('keys of the prototype pollute nothing', async () => {
    const { project, run } = strangeProject();
    layOut(run, { ...configWith(''), plugins: [] });
    const evil = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';
    write(join(run, 'tasks/train-a.json'), sealed(evil));
    write(join(run, 'search.json'), `${evil}}`);
    write(join(run, 'manifest.json'), sealed(`${evil},"outputs":{"__proto__":{"sha256":"x"}}`));
    write(join(run, 'journal.jsonl'), journalLine(`${evil},"sequence":1,"time":"","event":"x"`));
    await expect(runTask({ folder: run, task: 'train-a', project })).rejects.toThrow(corrupt);
    expect(attachRunFolder(run).readJournal()).toHaveLength(1);
    attachRunFolder(run).readJson('search');
    verifyRun(run);
  });

  test.each([
    '"outputs":5',
    '"outputs":{"a":null}',
    '"outputs":{"a":{"sha256":"x","was":{}}}',
    '"other":1',
    ',',
  ])('a manifest with %s is told and made anew', (text) => {
    const { run } = strangeProject();
    layOut(run, configWith('x'));
    write(join(run, 'manifest.json'), sealed(`{${text}`));
    expect(() => verifyRun(run)).not.toThrow();
    const told: string[] = [];
    openRunFolder(run, { noticed: (line) => told.push(line) }).release();
    expect(told.join()).toMatch(/manifest\.json is damaged/);
  });

  test('tasks, owners, journal and states that are no JSON end in our errors', () => {
    const { run } = strangeProject();
    layOut(run, configWith('x'));
    write(join(run, 'tasks/train-a.json'), sealed('{"id"'));
    write(join(run, 'lock/7.json'), sealed('{nothing'));
    write(join(run, 'journal.jsonl'), journalLine('{not json') + journalLine('{"sequence":"x"'));
    const folder = attachRunFolder(run);
    expect(() => folder.readTask('train-a')).toThrow(corrupt);
    expect(() => openRunFolder(run)).toThrow(corrupt);
    expect(folder.journalProblems()).toHaveLength(2);
    expect(verifyRun(run).problems.length).toBeGreaterThanOrEqual(4);
  });

  test('links without end, links to nowhere, devices and pipes do not hold up dna verify', () => {
    const { run } = strangeProject();
    layOut(run, configWith('x'));
    mkdirSync(join(run, 'more'));
    symlinkSync(run, join(run, 'more', 'again'));
    symlinkSync('nowhere', join(run, 'gone'));
    symlinkSync('/dev/zero', join(run, 'results', 'zero.safetensors'));
    execFileSync('mkfifo', [join(run, 'results', 'pipe.safetensors')]);
    expect(() => verifyRun(run)).toThrow(expect.objectContaining({ code: 'STORE_READ_FAILED' }));
  });
});

describe('dna run in a folder that came from elsewhere', () => {
  const strangers = ['evil.mjs', 'index.js', 'stages.ts', 'dna.config.mjs', 'node_modules/x/index.js'];

  test('reports on a finished run and goes on with one without importing what lies there', async () => {
    const place = project();
    const folder = join(place, 'runs', 'strange');
    const request = { project: place, config: { ...COMPLETE, name: 'strange' } };
    const start = () => run(request, { inline: true });
    for (const name of strangers) write(join(folder, name), SPEAKING);
    // The fixture's stages do nothing: it ends where work would begin, its folder laid out.
    await expect(start()).rejects.toThrow();
    await expect(start()).rejects.toThrow();
    const opened = openRunFolder(folder);
    opened.writeJson('outcome', { seed: 7 });
    opened.release();
    // Times are the journal's.
    await expect(start()).resolves.toMatchObject({ seed: 7, seconds: expect.any(Number) });
    expect(ranStrangeCode()).toBe(false);
  });

  test.each(['null', '[]', '{"values":null}', '{"seed":1,"name":"","values":{},"plugins":[null]}'])(
    'refuses the configuration %s',
    async (text) => {
      const place = project();
      write(join(place, 'runs', 'strange', 'config.json'), text);
      const started = run({ project: place, config: { ...COMPLETE, name: 'strange' } }, { inline: true });
      await expect(started).rejects.toThrow(corrupt);
    },
  );
});
