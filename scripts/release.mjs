// Checks a release and packs it: node scripts/release.mjs [--publish]
// Prints the commands that tag and publish it. Publishes by itself only if it is asked to and everything holds.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { changelogProblems, contentProblems, manifestProblems, versionProblems } from './release/checks.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (name) => readFileSync(join(ROOT, name), 'utf8');
const manifest = JSON.parse(read('package.json'));
const { version } = manifest;
const tag = `v${version}`;

const words = process.argv.slice(2);
if (words.some((word) => word !== '--publish')) stop(['Usage: node scripts/release.mjs [--publish]']);

checkSources();
checkContents(build());
const tarball = pack();
checkInstalled(tarball);
if (words.includes('--publish')) call('npm', ['publish', tarball], { stdio: 'inherit' });
else tellNext();

/** Output of a program, or the error that ends this one. */
function call(command, args, options = {}) {
  return execFileSync(command, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1e8, ...options });
}

function lines(text) {
  return text.split('\n').filter((line) => line !== '');
}

function stop(problems) {
  for (const problem of problems) console.error(problem);
  process.exit(1);
}

function hold(what, problems) {
  if (problems.length > 0) stop([`${what}:`, ...problems.map((problem) => `  ${problem}`)]);
  console.log(`ok  ${what}`);
}

/** What can be told without building; all of it at once. */
function checkSources() {
  const changed = lines(call('git', ['status', '--porcelain'])).map((line) => `not committed: ${line}`);
  const tagged = lines(call('git', ['tag', '--list', tag])).map(() => `the tag ${tag} is there already.`);
  const places = { lock: JSON.parse(read('package-lock.json')), citation: read('CITATION.cff') };
  hold(`${version} is committed, dated and new`, [
    ...changed,
    ...tagged,
    ...changelogProblems(read('CHANGELOG.md'), version),
    ...versionProblems(places, version),
    ...manifestProblems(manifest),
  ]);
}

/** Builds anew, so that nothing older lies beside it. @returns what was built */
function build() {
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  call('node', ['scripts/build.mjs'], { stdio: ['ignore', 'inherit', 'inherit'] });
  return readdirSync(join(ROOT, 'dist'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length).replaceAll('\\', '/'));
}

function checkContents(built) {
  const [{ files }] = JSON.parse(call('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']));
  const packed = files.map(({ path }) => path);
  const tracked = lines(call('git', ['ls-files']));
  hold(
    `${packed.length} files are packed: what is tracked and built, and nothing else`,
    contentProblems({ packed, tracked, built, files: manifest.files }),
  );
}

function pack() {
  const folder = mkdtempSync(join(tmpdir(), 'dna-release-'));
  call('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]);
  return join(folder, `${manifest.name}-${version}.tgz`);
}

/** As a stranger does it, in an empty project. */
function checkInstalled(tarball) {
  const project = join(tarball, '..', 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  call('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], { cwd: project });
  const dna = (...args) => call('npx', ['--no-install', 'dna', ...args], { cwd: project });
  assert.equal(dna('--version').trim(), version);
  assert.match(dna('run', '--preset', 'quickstart', '--help'), /^Usage: dna run/);
  assert.match(dna('presets'), /quickstart/);
  rmSync(project, { recursive: true, force: true });
  console.log('ok  it installs in an empty project, and dna answers there');
}

function tellNext() {
  console.log(`
${tarball} is what would be published. .ci/run has the checks that take longer. Then:

  git tag -a ${tag} -m "${manifest.name} ${version}" && git push origin ${tag}
  npm publish ${tarball}`);
}
