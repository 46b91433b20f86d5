import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from '../repository/sources.js';

interface Loaded {
  /** What a command line prints. */
  readonly text: string;
  /** The package's own modules that it loads. */
  readonly ours: readonly string[];
  /** The files that these lie in. */
  readonly files: number;
  /** Modules of other packages, by their paths below `node_modules`. */
  readonly others: readonly string[];
}

const seen = new Map<string, Loaded>();

/** Starts a command line once. */
function loaded(words: readonly string[]): Loaded {
  const key = words.join(' ');
  if (!seen.has(key)) seen.set(key, load(words));
  return seen.get(key)!;
}

function load(words: readonly string[]): Loaded {
  const folder = mkdtempSync(join(tmpdir(), 'dna-first-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const env = { ...process.env, NODE_V8_COVERAGE: folder };
  const { stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin/dna.js'), ...words], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  const urls = readdirSync(folder).flatMap((file) =>
    (JSON.parse(readFileSync(join(folder, file), 'utf8')).result as { url: string }[]).map(({ url }) => url),
  );
  const built = urls.filter((url) => /\/dist\/.+\.js$/.test(url) && !url.includes('/node_modules/'));
  return {
    text: stdout + stderr,
    ours: built.flatMap(modulesIn),
    files: built.length,
    others: urls.flatMap((url) => /\/node_modules\/(.+)$/.exec(url)?.[1] ?? []),
  };
}

/** The build puts several modules into one file, each below its name. */
function modulesIn(url: string): string[] {
  const names = readFileSync(fileURLToPath(url), 'utf8').matchAll(/^\/\/ ([\w/-]+)\.ts$/gm);
  return Array.from(names, ([, name]) => `${name}.js`);
}

// Node itself takes half of the 100 ms in which something must be seen; `core` with what it imports takes more than that.
test.each([[[]], [['--help']], [['run', '--help']], [['rnu']], [['run', '--prest', 'x']], [['plugin']]])(
  'dna %j answers without loading the framework',
  (words) => {
    const { text, ours } = loaded(words);
    expect(text).toMatch(/dna/);
    expect(ours).toContain('cli/program.js');
    expect(ours.filter((module) => !module.startsWith('cli/'))).toEqual([]);
    expect(ours.length).toBeLessThan(16);
  },
);

// What only reads run folders, or tells what can be set, has no use for what computes.
test.each([
  [['config', '--preset', 'quickstart']],
  [['config', '--preset', 'quickstart', '--set', 'seed=2', '--set', 'distill.loss=cosine']],
  [['plugins']],
  [['plugins', 'optimiser-adam']],
  [['completion', 'bash']],
  [['teacher', 'train', '--help']],
  [['status', 'none']],
  [['tasks', 'none']],
  [['verify', 'none']],
  [['runs', 'none']],
  [['cancel', 'none']],
  [['presets']],
])('dna %j loads neither tensors nor plugins', (words) => {
  const { text, ours, others, files } = loaded(words);
  expect(files).toBeLessThan(75);
  expect(text).toMatch(words[1] === 'none' ? /RUN_NOT_FOUND|no folder/ : /quickstart|adam|--epochs/);
  expect(ours).toContain(
    `cli/${words[0]!.replace('cancel', 'launch').replace('teacher', 'plugin-command')}.js`,
  );
  expect(ours.filter((module) => /^(nn|plugins|native)\//.test(module))).toEqual([]);
  // Half are core, which reads configurations and run folders.
  expect(ours.length).toBeLessThan(words[0] === 'config' || words[0] === 'plugins' ? 110 : 180);
  // Schemas were compiled by the build; a number or a word is no text that YAML's reader need see; no file is TypeScript.
  expect(others.filter((module) => /^(ajv\/dist\/(?!runtime\/)|yaml\/|jiti\/)/.test(module))).toEqual([]);
  expect(others.length).toBeLessThan(45);
});

test('dna describe loads nothing that trains, and few files', () => {
  const { text, ours, files } = loaded(['describe', '--preset', 'quickstart']);
  expect(text).toContain('884,736 networks');
  expect(ours).toContain('plugins/space-mbconv/create-space.js');
  expect(ours.filter((module) => /^plugins\/.*\/train-|^nn\/training\/(?!even-choice)/.test(module))).toEqual(
    [],
  );
  expect(files).toBeLessThan(100);
});

test('what the build has put into one file is told by the modules that it was written in', () => {
  const { text } = loaded(['describe', '--preset', 'nowhere', '--stack']);
  expect(text).toMatch(/\n +at .*\/configuration\/resolve\/layers\.ts:\d+:\d+\)/);
});

test('a run says at once that it is there, and which version writes the log', () => {
  const { text } = loaded(['run', '--preset', 'nowhere']);
  expect(text).toMatch(/^dna-nas \d+\.\d+\.\d+, Node \d+\.\d+\.\d+\nerror CONFIG_INVALID: /);
});

test.each([
  [[]],
  [['rnu']],
  [['plugin']],
  [['plugin', 'tset']],
  [['backend', 'install']],
  [['run', 'quickstart']],
])('dna %j shows what to do next', (words) => {
  const { text } = loaded(words);
  expect(text).toMatch(/→ |Commands:\n {2}\w+/);
});
