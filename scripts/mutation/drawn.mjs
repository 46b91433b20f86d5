// Draws small faults of the method's code (an operator, a number, a condition, a statement), puts one after the other
// into a copy of the built package, and counts those that a test fails by. The same draws each time.
//
//   node scripts/mutation/drawn.mjs [--each 30] [--minutes 60] [--goal 85] [--seed TEXT] [--since COMMIT] [area …]
//
// Another seed draws others. With --since only files are looked at that have changed since then. Fails where the interval of an area, with 95 %
// confidence, lies below the goal, in percent of the faults.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { wilsonInterval } from 'dna-nas/accuracy';
import { AREAS } from './areas.mjs';
import { reasonToLeave } from './equivalents.mjs';
import { MutatedPackage } from './mutated-package.mjs';
import { faultsOf } from './operators.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    each: { type: 'string', default: '30' },
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '' },
    since: { type: 'string' },
    goal: { type: 'string', default: '85' },
  },
});
const end = Date.now() + Number(values.minutes) * 60_000;

/** What the tests of an area may take, in units of what they take without a fault. */
const PATIENCE = 4;
const LEAST_MILLISECONDS = 120_000;

/** Modules of an area; errors are texts, and indexes are lists. */
function filesOf(area) {
  const place = join(root, area);
  if (!statSync(place, { throwIfNoEntry: false })?.isDirectory()) return [`${area}.js`];
  return readdirSync(place, { recursive: true })
    .filter(
      (file) => file.endsWith('.ts') && !/(^|\/)(errors|index)\.ts$/.test(file) && !file.includes('kernels/'),
    )
    .map((file) => `${area}/${file.replace(/\.ts$/, '.js')}`)
    .sort();
}

function changedSince(commit) {
  const words = ['diff', '--name-only', commit, '--', 'nn', 'plugins', 'core'];
  const { status, stdout, stderr } = spawnSync('git', words, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git cannot say what has changed since ${commit}: ${stderr.trim()}`);
  return new Set(stdout.split('\n').map((file) => file.replace(/\.ts$/, '.js')));
}

/** Faults that change something, in an order that depends on their text and place alone, so that a change elsewhere moves none of them. */
function drawFaults(copy, files, count) {
  const all = files.flatMap((file) => {
    const text = copy.read(file);
    return faultsOf(text).map((fault) => ({ ...fault, file, text }));
  });
  const wanted = all.filter((fault) => reasonToLeave(fault) === undefined);
  const key = ({ file, text, start, end, to }) =>
    createHash('sha256')
      .update(`${values.seed}${file} ${text.slice(start - 20, end + 20)} ${to}`)
      .digest('hex');
  const ordered = wanted.map((fault) => [key(fault), fault]).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    all: all.length,
    left: all.length - wanted.length,
    drawn: ordered.slice(0, count).map(([, fault]) => fault),
  };
}

function describe({ file, text, start, end, to }) {
  const line = text.slice(0, start).split('\n').length;
  const from = text.slice(start, end).replaceAll(/\s+/g, ' ');
  return `${file}:${line}: ${from.slice(0, 60) || 'nothing'} → ${to || 'nothing'}`;
}

/** @param until When the area's time is over, as `Date.now` counts. */
function tryArea(copy, { area, files, until }) {
  const tests = AREAS[area];
  const { all, left, drawn } = drawFaults(copy, files, Number(values.each));
  const began = Date.now();
  const { failed, endless: late } = copy.test(tests, { milliseconds: until - began });
  if (late) return { area, all, left, tried: 0, endless: 0, found: 0 };
  if (failed.length > 0) throw new Error(`Without any fault these fail: ${failed.join('; ')}`);
  const milliseconds = Math.max(LEAST_MILLISECONDS, PATIENCE * (Date.now() - began));
  const survivors = [];
  let [tried, endless] = [0, 0];
  for (const fault of drawn) {
    const rest = until - Date.now();
    if (rest <= 0) break;
    const text = fault.text.slice(0, fault.start) + fault.to + fault.text.slice(fault.end);
    const result = copy.tryText(fault.file, text, tests, {
      bail: 1,
      milliseconds: Math.min(milliseconds, rest),
    });
    // The time was over, which says nothing of the fault.
    if (result.endless && rest < milliseconds) break;
    if (result.endless) endless++;
    if (result.failed.length === 0) {
      survivors.push(fault);
      console.log(`SURVIVED ${describe(fault)}`);
    }
    tried++;
  }
  return { area, all, left, tried, endless, found: tried - survivors.length };
}

/** Fewer faults say too little to fail by. */
const FEWEST = 10;
const changed = values.since ? changedSince(values.since) : undefined;
const wanted = positionals.length > 0 ? positionals : Object.keys(AREAS);
const strange = wanted.filter((area) => !Object.hasOwn(AREAS, area));
if (strange.length > 0)
  throw new Error(`There is no area ${strange.join(', ')}; there are ${Object.keys(AREAS).join(', ')}.`);
const areas = wanted
  .map((area) => ({ area, files: filesOf(area).filter((file) => !changed || changed.has(file)) }))
  .filter(({ files }) => files.length > 0);
if (areas.length === 0) console.log(`No file of ${wanted.join(', ')} has changed since ${values.since}.`);

const copy = await MutatedPackage.of(root);
try {
  for (const [index, { area, files }] of areas.entries()) {
    const share = Math.floor((end - Date.now()) / (areas.length - index));
    if (share > 0) judge(tryArea(copy, { area, files, until: Date.now() + share }));
  }
} finally {
  copy.remove();
}

/** Prints the score of an area, and fails where it is surely below the goal. */
function judge({ area, all, left, tried, endless, found }) {
  if (tried === 0) {
    console.log(`${area}: no time for any of ${all} faults`);
    return;
  }
  const [low, high] = wilsonInterval(found, tried).map((share) => 100 * share);
  const interval = `${low.toFixed(0)} to ${high.toFixed(0)} %`;
  console.log(
    `${area}: ${found} of ${tried} faults found (${interval}), ${endless} of them as the tests came to no end; ${all} in all, ${left} of which change nothing`,
  );
  if (tried < FEWEST || high >= Number(values.goal)) return;
  console.log(`${area}: FAILED, as ${values.goal} % are the goal`);
  process.exitCode = 1;
}
