// Runs the quickstart as the README says, or on other backends, and holds its outcome:
// node scripts/quickstart.mjs [backend | backend:smoke …]
// With `smoke` the run is so short that all which is held of it is that it ends with its networks.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LEAST_TOP1 = 0.87;

const backends = process.argv.slice(2);
if (backends.length === 0) run([], checkAsShown);
for (const word of backends) {
  const [backend, smoke] = word.split(':');
  const { works, reason } = listed().find(({ name }) => name === backend) ?? {
    reason: 'there is none of this name',
  };
  const settings = ['--set', `backend=${backend}`];
  if (works && smoke) run([...settings, '--smoke'], checkNetworks);
  else if (works) run(settings, checkFound);
  else console.log(`skipped on ${backend}: ${reason}`);
}

function listed() {
  const { stdout } = spawnSync('npx', ['dna', 'backend', 'list', '--json'], { cwd: ROOT, encoding: 'utf8' });
  return JSON.parse(stdout);
}

function run(settings, check) {
  const runs = mkdtempSync(join(tmpdir(), 'dna-quickstart-'));
  try {
    const words = ['dna', 'run', '--preset', 'quickstart', '--set', `runs=${runs}`, ...settings];
    const { status } = spawnSync('npx', words, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
    assert.equal(status, 0, `the quickstart ended with ${status}`);
    const [name] = readdirSync(runs).filter((entry) => entry.startsWith('quickstart'));
    check(JSON.parse(readFileSync(join(runs, name, 'summary.json'), 'utf8')));
  } finally {
    rmSync(runs, { recursive: true, force: true });
  }
}

function checkNetworks({ networks }) {
  assert.deepEqual(
    networks.map(({ name }) => name),
    ['teacher', 'found', 'random'],
  );
}

function checkFound({ networks, seconds }) {
  checkNetworks({ networks });
  const found = networks[1];
  assert.ok(found.top1 >= LEAST_TOP1, `the found network reaches ${found.top1}, not ${LEAST_TOP1}`);
  console.log(
    `The quickstart took ${seconds.toFixed(0)} s and found a network of ${(100 * found.top1).toFixed(2)} %.`,
  );
}

/** WebAssembly gives the same bits on every machine: what the README shows is what this run printed. */
function checkAsShown(summary) {
  checkFound(summary);
  const { networks, architecture } = summary;
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  assert.ok(readme.includes(architecture), `the README shows another architecture than ${architecture}`);
  for (const { name, top1 } of networks) {
    const shown = `${(100 * top1).toFixed(2)} %`;
    assert.match(
      readme,
      new RegExp(`^${name} .*\\s${shown}`, 'm'),
      `the README shows no ${shown} for ${name}`,
    );
  }
}
