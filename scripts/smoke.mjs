// Runs every stage of the paper's setup in minutes and holds its outcome: node scripts/smoke.mjs
// The first run reads images that it draws itself; with ../shared/data/imagenet-sample a plan looks at real ones, too.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DNA = join(ROOT, 'bin', 'dna.js');
const SAMPLES = process.env.DNA_SAMPLES ?? join(ROOT, '..', 'shared', 'data');
const SMOKE = ['--no-config', '--preset', 'paper-b0', '--smoke'];
const CANDIDATES = 23_046;
const MOST_PARAMETERS = 5_288_548;

const project = mkdtempSync(join(tmpdir(), 'dna-smoke-'));
try {
  checkPlan(dna(['plan', ...SMOKE, '--seconds', '2', '--json']));
  dna(['run', ...SMOKE], { stdio: 'inherit' });
  checkRun(join(project, 'runs', 'paper-b0-smoke'));
  planSamples();
} finally {
  rmSync(project, { recursive: true, force: true });
}

function dna(words, options = {}) {
  const settings = { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options };
  const { status, stdout } = spawnSync(process.execPath, [DNA, ...words], settings);
  assert.equal(status, 0, `dna ${words.join(' ')} ended with ${status}`);
  return stdout;
}

function checkPlan(text) {
  const { sound, space, stages } = JSON.parse(text);
  assert.equal(sound, true);
  assert.equal(space.cells, 16);
  assert.ok(Math.abs(space.networks / 1.96e17 - 1) < 0.01, `the space has ${space.networks} networks`);
  assert.deepEqual(
    stages.map(({ stage }) => stage),
    ['distill', 'rank', 'retrain'],
  );
}

function checkRun(folder) {
  const read = (name) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  const { networks } = read('summary');
  assert.deepEqual(
    networks.map(({ name }) => name),
    ['teacher', 'found'],
  );
  assert.ok(networks[1].params <= MOST_PARAMETERS, `the found network has ${networks[1].params} parameters`);
  const rated = read('ratings').cells.flatMap(({ values }) => values ?? []);
  assert.equal(rated.length, CANDIDATES);
  assert.ok(rated.every((rating) => Number.isFinite(rating) && rating > 0));
}

function planSamples() {
  const images = join(SAMPLES, 'imagenet-sample');
  if (!existsSync(images)) {
    console.log(`skipped: the plan on real images, as there is no ${images}`);
    return;
  }
  const data = [
    '--set',
    `data.path=${images}`,
    '--set',
    `data.classes=${join(SAMPLES, 'imagenet-classes.tsv')}`,
  ];
  checkPlan(dna(['plan', ...SMOKE, ...data, '--seconds', '0', '--json']));
}
