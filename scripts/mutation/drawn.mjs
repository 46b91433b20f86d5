// Draws small faults of the method's code (an operator, a number, a condition, a statement), puts one after the other
// into a copy of the built package, and counts those that a test fails by. The same draws each time.
//
//   node scripts/mutation/drawn.mjs [--each 30] [--minutes 60] [--since COMMIT] [area …]
//
// With --since only files are looked at that have changed since then.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { wilsonInterval } from 'dna-nas/nn';
import { AREAS } from './areas.mjs';
import { MutatedPackage } from './mutated-package.mjs';
import { faultsOf } from './operators.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    each: { type: 'string', default: '30' },
    minutes: { type: 'string', default: '60' },
    since: { type: 'string' },
  },
});
const end = Date.now() + Number(values.minutes) * 60_000;

/** What the tests of an area may take, in units of what they take without a fault. */
const PATIENCE = 4;
const LEAST_MILLISECONDS = 120_000;

/** Files of an area in dist; errors are texts, and indexes are lists. */
function filesOf(area) {
  const place = join(root, 'dist', area);
  if (!statSync(place, { throwIfNoEntry: false })?.isDirectory()) return [`${area}.js`];
  return readdirSync(place, { recursive: true })
    .filter(
      (file) => file.endsWith('.js') && !/(^|\/)(errors|index)\.js$/.test(file) && !file.includes('kernels/'),
    )
    .map((file) => `${area}/${file}`)
    .sort();
}

function changedSince(commit) {
  const { stdout } = spawnSync('git', ['diff', '--name-only', commit, '--', 'nn', 'plugins', 'core'], {
    cwd: root,
    encoding: 'utf8',
  });
  return new Set(stdout.split('\n').map((file) => file.replace(/\.ts$/, '.js')));
}

/** Faults in an order that depends on their text and place alone, so that a change elsewhere moves none of them. */
function drawFaults(copy, files, count) {
  const all = files.flatMap((file) => {
    const text = copy.read(file);
    return faultsOf(text).map((fault) => ({ ...fault, file, text }));
  });
  const key = ({ file, text, start, end, to }) =>
    createHash('sha256')
      .update(`${file} ${text.slice(start - 20, end + 20)} ${to}`)
      .digest('hex');
  const ordered = all.map((fault) => [key(fault), fault]).sort(([a], [b]) => (a < b ? -1 : 1));
  return { all: all.length, drawn: ordered.slice(0, count).map(([, fault]) => fault) };
}

function describe({ file, text, start, end, to }) {
  const line = text.slice(0, start).split('\n').length;
  const from = text.slice(start, end).replaceAll(/\s+/g, ' ');
  return `${file}:${line}: ${from.slice(0, 60) || 'nothing'} → ${to || 'nothing'}`;
}

function tryArea(copy, area, files) {
  const tests = AREAS[area];
  const { all, drawn } = drawFaults(copy, files, Number(values.each));
  const began = Date.now();
  const { failed } = copy.test(tests);
  if (failed.length > 0) throw new Error(`Without any fault these fail: ${failed.join('; ')}`);
  const milliseconds = Math.max(LEAST_MILLISECONDS, PATIENCE * (Date.now() - began));
  const survivors = [];
  let [tried, endless] = [0, 0];
  for (const fault of drawn) {
    if (Date.now() > end) break;
    const text = fault.text.slice(0, fault.start) + fault.to + fault.text.slice(fault.end);
    const result = copy.tryText(fault.file, text, tests, { bail: 1, milliseconds });
    if (result.endless) endless++;
    if (result.failed.length === 0) {
      survivors.push(fault);
      console.log(`SURVIVED ${describe(fault)}`);
    }
    tried++;
  }
  return { area, all, tried, endless, found: tried - survivors.length };
}

const changed = values.since ? changedSince(values.since) : undefined;
const copy = new MutatedPackage(root);
const results = [];
try {
  for (const area of positionals.length > 0 ? positionals : Object.keys(AREAS)) {
    const files = filesOf(area).filter((file) => !changed || changed.has(file));
    if (files.length > 0 && Date.now() < end) results.push(tryArea(copy, area, files));
  }
} finally {
  copy.remove();
}
for (const { area, all, tried, endless, found } of results) {
  const [low, high] = wilsonInterval(found, Math.max(1, tried)).map((share) => Math.round(100 * share));
  console.log(
    `${area}: ${found} of ${tried} faults found (${low} to ${high} %), ${endless} of them as the tests came to no end; ${all} in all`,
  );
}
