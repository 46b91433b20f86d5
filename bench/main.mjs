// All benches one after the other, with their targets: npm run bench [-- [names] [--save]]
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { searchFigures, TWO_LIMITS } from './figures.mjs';
import { describeMachine, isMet, machineText, ROOT, skippedText, table, tell } from './measure.mjs';

/** Each a program of its own, by its file; `read` makes figures of what it tells, if it does not do so itself. */
const BENCHES = {
  mbconv: { words: ['--json'] },
  workers: { words: ['--json'] },
  schedules: { words: ['--json'] },
  rating: { words: ['--json'] },
  search: { words: ['--json', TWO_LIMITS], read: searchFigures },
  'first-output': { words: ['--json'] },
  audit: { words: ['--json'] },
  trackers: { words: ['--json'] },
  'imagenet-loader': { words: ['--json'] },
  exported: { words: ['--json'] },
  latency: { words: ['--json'] },
  'torch/mbconv': { words: ['--json'] },
  'torch/step': { words: ['--json'] },
  'torch/backends': { words: ['--json'] },
  'torch/quickstart': { words: ['--json'] },
};

const words = process.argv.slice(2);
const save = words.includes('--save');
const names = words.filter((word) => !word.startsWith('--'));
const unknown = words.find((word) => word !== '--save' && !Object.hasOwn(BENCHES, word));
if (unknown !== undefined) {
  tell(`bench: "${unknown}" is none of ${Object.keys(BENCHES).join(', ')}, --save.`);
  process.exit(2);
}

const results = [];
for (const name of names.length > 0 ? names : Object.keys(BENCHES)) results.push(await measure(name));
report(results);

/** One bench in a process of its own; a failure is told with the others' figures. */
async function measure(name) {
  tell(`\n${name}`);
  const { words: given, read } = BENCHES[name];
  try {
    const data = parse(await output([join(ROOT, 'bench', `${name}.mjs`), ...given]));
    const { figures, machine: _, ...rest } = read ? { ...data, figures: read(data) } : data;
    return { ...rest, bench: name, figures: figures.map((figure) => ({ ...figure, met: isMet(figure) })) };
  } catch (error) {
    return { bench: name, failed: error.message, figures: [] };
  }
}

function output(given) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, given, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`it ended with exit code ${code}`)),
    );
  });
}

/** The data: all that was written, or its last line. */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.trim().split('\n').at(-1));
  }
}

function report(benches) {
  const machine = describeMachine();
  const otherCores = Math.max(0, ...benches.map((bench) => bench.otherCores ?? 0));
  const lines = [table(benches.flatMap(({ figures }) => figures))];
  for (const { bench, failed, skipped } of benches) {
    if (failed) lines.push(`${bench} failed: ${failed}.`);
    if (skipped) lines.push(skippedText(bench, skipped));
  }
  process.stdout.write(`\n${lines.join('\n')}\n\n${machineText(machine, otherCores)}\n`);
  const date = new Date().toISOString();
  write(date.slice(0, 10), { date, machine, otherCores, benches });
  if (save) write('latest', { date, machine, otherCores, benches });
  if (benches.some(({ failed }) => failed)) process.exitCode = 1;
}

function write(name, results) {
  const folder = join(ROOT, 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(results, null, 2)}\n`);
  tell(`written: bench/results/${name}.json`);
}
