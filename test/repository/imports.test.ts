import { isBuiltin } from 'node:module';
import { describe, expect, test } from 'vitest';
import { files, type Import, importsOf, read, SHIPPED, target } from './sources.js';

/** What each folder may import of the package itself, beside errors. */
const CORE = 'core(/[a-z]+)?';
const NN = 'nn(/[a-z]+)?';
const RUN_TOOLS = 'run-tools(/(launch|runs|tracking|words))?';
const only = (...rooms: string[]) => new RegExp(`^dna-nas/(errors|${rooms.join('|')})$`);

const ALLOWED: Readonly<Record<(typeof SHIPPED)[number], RegExp>> = {
  errors: /^$/,
  files: only('errors'),
  core: only('files'),
  configuration: only('files', CORE),
  'run-tools': only('accuracy', 'files', CORE, 'configuration'),
  ablation: only('accuracy', 'files', CORE, 'configuration', RUN_TOOLS),
  accuracy: only('core/stages'),
  archives: only('errors'),
  install: only('files', CORE, 'archives'),
  audit: only(CORE, 'configuration', RUN_TOOLS),
  evaluation: only('files', CORE, 'configuration', RUN_TOOLS, NN),
  export: only('files', CORE, 'configuration', RUN_TOOLS, NN),
  latency: only('files', CORE, 'configuration', RUN_TOOLS, 'audit', 'export', NN),
  nn: only('accuracy', 'files', CORE, 'archives'),
  plugins: only(
    'accuracy',
    'files',
    CORE,
    'configuration',
    RUN_TOOLS,
    'archives',
    'install',
    NN,
    'audit',
    'latency',
  ),
  presets: only('files', CORE, 'configuration', 'plugins/.+'),
  testing: only(CORE, 'configuration', NN, 'plugins/.+'),
  cli: only(
    'files',
    CORE,
    'configuration',
    RUN_TOOLS,
    'ablation',
    'audit',
    'evaluation',
    'export',
    'latency',
    'testing',
    'presets(/.*)?',
  ),
};

const { dependencies, exports } = JSON.parse(read('package.json'));
const all = SHIPPED.flatMap((folder) => files(folder, /\.ts$/).flatMap(importsOf));
const isRelative = ({ from }: Import) => from.startsWith('.');
const isOurs = ({ from }: Import) => /^dna-nas(\/|$)/.test(from);
const show = ({ file, from }: Import) => `${file} imports ${from}`;

/** The folder that relative imports may not leave: a plugin's own, else the top-level one. */
function home(file: string): string {
  const [top, plugin] = file.split('/');
  return top === 'plugins' ? `${top}/${plugin}/` : `${top}/`;
}

/** `@scope/name/path` → `@scope/name`. */
function packageOf(from: string): string {
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}

test('the scanner sees every kind of import', () => {
  const seen = (file: string) => importsOf(file).map(({ from }) => from);
  expect(seen('nn/tensor.ts')).toEqual(['./tfjs-core.js', './register-gradients.js']);
  expect(seen('cli/presets.ts')).toContain('dna-nas/presets/');
  expect(seen('cli/program.ts')).toContain('./run.js');
  expect(importsOf('core/run/session.ts').filter(({ typeOnly }) => !typeOnly)).toHaveLength(7);
  expect(all.length).toBeGreaterThan(500);
});

describe.each(SHIPPED)('%s', (folder) => {
  const own = all.filter(({ file }) => file.startsWith(`${folder}/`));

  test('imports of ours only what it may', () => {
    const wrong = own.filter((one) => isOurs(one) && !ALLOWED[folder].test(one.from));
    expect(wrong.map(show)).toEqual([]);
  });

  test('leaves its folder only through the exports of the package', () => {
    const wrong = own.filter(
      (one) => isRelative(one) && !target(one.file, one.from).startsWith(home(one.file)),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('imports only what Node has or a user installs', () => {
    const foreign = own.filter((one) => !isRelative(one) && !isOurs(one) && !isBuiltin(one.from));
    const missing = foreign.filter(({ from }) => !(packageOf(from) in dependencies));
    expect(missing.map(show)).toEqual([]);
  });
});

test('what is imported of ours is an entry of the package', () => {
  const names = Object.keys(exports).map((name) => `dna-nas${name.slice(1)}`);
  // A preset that is imported by a name put together ends with the slash before it.
  const isEntry = (from: string) =>
    names.some((name) => name === from || (name.endsWith('*') && from.startsWith(name.slice(0, -1))));
  expect(all.filter((one) => isOurs(one) && !isEntry(one.from)).map(show)).toEqual([]);
});

test('core has no tensors: it imports only types of tfjs', () => {
  const tensors = all.filter(({ file, from }) => file.startsWith('core/') && from.startsWith('@tensorflow/'));
  expect(tensors.length).toBeGreaterThan(0);
  expect(tensors.filter(({ typeOnly }) => !typeOnly).map(show)).toEqual([]);
});

test('tfjs-core has one door: nn/tensor.ts alone loads it, by nn/tfjs-core.ts', () => {
  const loaded = all.filter(({ from, typeOnly }) => from === '@tensorflow/tfjs-core' && !typeOnly);
  expect(loaded.map(({ file }) => file)).toEqual(['nn/tfjs-core.ts']);
  const through = all.filter(({ from }) => from.endsWith('/tfjs-core.js'));
  expect(through.map(({ file }) => file)).toEqual(['nn/tensor.ts']);
});

test('examples import as a stranger does', () => {
  const wrong = files('examples', /\.ts$/)
    .flatMap(importsOf)
    .filter((one) => isRelative(one) && target(one.file, one.from).split('/').length < 3);
  expect(wrong.map(show)).toEqual([]);
});
