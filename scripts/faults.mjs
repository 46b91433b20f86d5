// Every test of what a disk, a kill or a signal can do to a run, at all points instead of the sample of `npm test`;
// closes with a count.
// Words are other tests to run instead, such as the name of one file.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TESTS = [
  'test/faults',
  'test/run/kill.test.ts',
  'test/run/stopping',
  'test/run/sharing.test.ts',
  'test/retrain/killed.test.ts',
  'test/retrain/measured-run.test.ts',
];

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dna-faults-'));
const counts = join(folder, 'counts.jsonl');
const began = performance.now();
const words = process.argv.slice(2);
/** `all`, or `many` for four times the sample: CI has no time for all. */
const extent = process.env.DNA_FAULTS ?? 'all';

const { status } = spawnSync(
  join(root, 'node_modules/.bin/vitest'),
  ['run', ...(words.length > 0 ? words : TESTS), '--maxWorkers=2'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, DNA_FAULTS: extent, DNA_FAULTS_COUNTS: counts } },
);

const totals = new Map();
const lines = existsSync(counts) ? readFileSync(counts, 'utf8').trim().split('\n') : [];
for (const line of lines) {
  const { what, number } = JSON.parse(line);
  totals.set(what, (totals.get(what) ?? 0) + number);
}
rmSync(folder, { recursive: true, force: true });

for (const [what, number] of totals) console.log(`${String(number).padStart(8)} ${what}`);
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
const sum = [...totals.values()].reduce((total, number) => total + number, 0);
console.log(`${sum} faults in ${minutes} minutes: ${status === 0 ? 'nothing was spoilt' : 'FAILED'}`);
process.exitCode = status ?? 1;
