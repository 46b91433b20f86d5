import { type ConfigRequest, resolveConfig } from 'dna-nas/configuration';
import { builtInPlugins, builtInPresets, SLOTS } from 'dna-nas/core/plugin';
import type { DnaError } from 'dna-nas/errors';
import { expect, test } from 'vitest';
import { COMPLETE, project } from './project.js';

interface Mistake extends ConfigRequest {
  readonly files?: Readonly<Record<string, string | object>>;
}

const without = (name: keyof typeof COMPLETE) =>
  Object.fromEntries(Object.entries(COMPLETE).filter(([key]) => key !== name));

const config = { 'dna.config.json': COMPLETE };
const mine = (text: string) => ({ ...config, 'mine.ts': text });

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'no configuration at all': {},
  'an unknown preset': { preset: 'quikstart' },
  'an unknown key in the file': { files: { 'dna.config.json': { ...COMPLETE, serach: 1 } } },
  'an unknown key by --set': { files: config, set: ['sed=3'] },
  'a setting without a value': { files: config, set: ['seed'] },
  'a setting that is no YAML': { files: config, set: ['search.limits={params: 3'] },
  'plugins by --set': { files: config, set: ['plugins=[./x.ts]'] },
  'extends by --set': { files: config, set: ['extends=quickstart'] },
  'a value of the wrong type': { files: config, set: ['seed=one', 'workers=-2', 'rank.size=2.5'] },
  'a value out of its range': { files: config, set: ['rank.size=9'] },
  'a misspelt choice': { files: config, set: ['rank.mode=maen'] },
  'a misspelt option': { files: config, set: ['search.limit.params=3'] },
  'a misspelt nested option': { files: config, set: ['search.limits.param=3'] },
  'a misspelt slot inside a slot': { files: config, set: ['distill.los=cosine'] },
  'an unknown plugin': { files: config, set: ['distill.loss=cosin'] },
  'a plugin of another kind': { files: config, set: ['distill.loss=optimiser-adam'] },
  'a slot that holds a number': { files: { 'dna.config.json': { ...COMPLETE, rank: 3 } } },
  'slots that hold nothing': {
    files: { 'dna.config.json': { ...without('rank'), distill: { use: 'blockwise' } } },
  },
  'reports that are no list': { files: config, set: ['reports=console'] },
  'an unknown report': { files: config, set: ['reports=[consol]'] },
  'a plugin file that is not there': { files: config, plugins: ['./nowhere.ts'] },
  'a plugin file without ./': { files: mine('export default 1'), plugins: ['mine.ts'] },
  'a plugin file that fails': { files: mine('throw new Error("no luck");'), plugins: ['./mine.ts'] },
  'a plugin file without a plugin': { files: mine('export const lossMine = 3;'), plugins: ['./mine.ts'] },
  'an export that is not there': { files: config, set: ['rank=./stages.ts#rnak'] },
  'a file with several plugins in a slot': { files: config, set: ['rank=./stages.ts'] },
  'a file that extends itself': { files: { 'dna.config.json': { extends: './dna.config.json' } } },
  'files that extend each other': {
    files: { 'dna.config.json': { extends: './b.json' }, 'b.json': { extends: './dna.config.json' } },
  },
  'a file that is no configuration': { files: { 'dna.config.json': '[1, 2]' } },
  'a file that cannot be parsed': { files: { 'dna.config.json': '{ "seed": ' } },
  'a named file that is not there': { configFile: 'nowhere.yaml' },
  'a named file of another kind': { files: { 'config.toml': 'seed = 1' }, configFile: 'config.toml' },
  'a name that tries to be clever': {
    files: { 'dna.config.json': `{"__proto__": {"seed": 3}}` },
    set: ['name=../x'],
  },
};

/** The message without what differs between machines, Node versions and sets of built-in plugins. */
function normalise(error: DnaError, folder: string): string {
  const text = `${error.code} ${error.exitCode}\n${error.message}\n→ ${error.hint}`;
  const prefixes = [...Object.values(SLOTS).map(({ prefix }) => prefix), 'report-'];
  const lists = prefixes.map((prefix) => {
    const names = builtInPlugins().filter((name) => name.startsWith(prefix));
    return [names.map((name) => name.slice(prefix.length)).join(', '), `<${prefix}…>`] as const;
  });
  return lists
    .filter(([names]) => names !== '')
    .sort(([a], [b]) => b.length - a.length)
    .reduce((all, [names, label]) => all.replaceAll(`one of: ${names};`, `one of: ${label};`), text)
    .replaceAll(folder, '<project>')
    .replaceAll(`(${builtInPresets().join(', ')})`, '(<presets>)');
}

test.each(Object.entries(MISTAKES))('%s', async (_, { files, ...request }) => {
  const folder = project(files);
  const error = await resolveConfig({ project: folder, ...request }).catch((reason: DnaError) => reason);
  expect(error).toMatchObject({ name: 'DnaError', exitCode: 2 });
  const text = normalise(error as DnaError, folder);
  expect(text).toMatchSnapshot();
});

test('no problem takes more than six lines', async () => {
  const folder = project(config);
  const set = ['rank.mode=maen', 'sed=3', 'search.limits.param=3', 'distill.loss=cosin'];
  const error = await resolveConfig({ project: folder, set }).catch((reason: DnaError) => reason);
  const lines = (error as DnaError).message.split('\n');
  expect(lines.length).toBeLessThanOrEqual(1 + 6 * set.length);
});
