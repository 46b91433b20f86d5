// Reads thousands of hostile files of every format of weights and archives that we read, the same ones each time: spoilt
// ones (PyTorch as zip and legacy, zip, tar, safetensors), and such as ask for all the memory and time that a file can.
// Each is read, or refused with an error of ours, in a process whose memory is measured; nothing else is thrown. What
// checksums protect holds the values that it held before. Images are read after them. Closes with a table, and fails where a goal is missed.
// With a Python that has torch, its verdicts on the PyTorch files are compared with ours.
//   node scripts/hostile-files.mjs [number of files, default 20000] [python] [seed]
// Builds on dist/: `node scripts/build.mjs` first.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomStream } from 'dna-nas/core';
import { caseOf, FORMATS } from './hostile-formats.mjs';
import { hostileImages } from './hostile-images.mjs';
import { closeWithTable } from './hostile-table.mjs';

const COUNT = Number(process.argv[2] ?? 20_000);
const PYTHON = process.argv[3] ?? '';
const SEED = process.argv[4] ?? '';
const READER = fileURLToPath(new URL('./hostile-reader.mjs', import.meta.url));
/** A process of which nothing is heard for so long hangs. */
const MOST_SILENCE = 120_000;
const READERS = 2;

const folder = mkdtempSync(join(tmpdir(), 'dna-hostile-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** The last thing that a reader told, and how it ended if not well. */
function runReader(words) {
  return new Promise((resolve) => {
    const reader = spawn(process.execPath, [READER, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    let timer;
    let told = '';
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => reader.kill('SIGKILL'), MOST_SILENCE);
    };
    wait();
    reader.stdout.on('data', (chunk) => {
      told += chunk;
      wait();
    });
    reader.on('close', (code, signal) => {
      clearTimeout(timer);
      const lines = told.split('\n').slice(0, -1);
      const last = lines.length > 0 ? JSON.parse(lines.at(-1)) : undefined;
      resolve({ last, ended: code === 0 ? undefined : `ended by ${signal ?? `exit code ${code}`}` });
    });
  });
}

const nothing = (name) => ({
  row: { name, cases: 0, refused: 0, accepted: 0, worstMegabytes: 0, worstSeconds: 0 },
  codes: {},
  faults: [],
});

/** Files that are spoilt in the reader itself: there are thousands of them, and they are small. */
async function readSpoilt(format) {
  const cases = Math.ceil(((format.share ?? 1) * COUNT) / FORMATS.filter(({ make }) => !make).length);
  const { last = nothing(format.name), ended } = await runReader([format.name, String(cases), SEED, PYTHON]);
  const crash = ended ? [`${format.name}: ${ended} after ${last.row.cases} files`] : [];
  return { ...last, row: { ...last.row, cases }, faults: [...last.faults, ...crash] };
}

/** Files that are made here, one process for each. */
async function readBombs(format) {
  const sum = nothing(format.name);
  for (let index = 0; index < format.cases; index++) {
    const { kind, bytes } = caseOf(format, randomStream(`hostile files ${SEED}`).fork(format.name, index));
    const file = join(folder, `${FORMATS.indexOf(format)}-${index}`);
    writeFileSync(file, bytes);
    const { last = nothing(format.name), ended } = await runReader([format.name, '--file', file]);
    rmSync(file);
    add(sum, last);
    const fault = (problem) => sum.faults.push(`file ${index} (${format.name}, ${kind}): ${problem}`);
    for (const problem of [...last.faults, ...(ended ? [ended] : [])]) fault(problem);
  }
  return { ...sum, row: { ...sum.row, cases: format.cases } };
}

function add(sum, { row, codes }) {
  for (const name of ['refused', 'accepted']) sum.row[name] += row[name];
  for (const name of ['worstMegabytes', 'worstSeconds']) sum.row[name] = Math.max(sum.row[name], row[name]);
  for (const [code, count] of Object.entries(codes)) sum.codes[code] = (sum.codes[code] ?? 0) + count;
}

const results = new Map();
const waiting = [...FORMATS];
await Promise.all(
  Array.from({ length: READERS }, async () => {
    for (let format = waiting.shift(); format; format = waiting.shift()) {
      results.set(format.name, await (format.make ? readBombs(format) : readSpoilt(format)));
    }
  }),
);

const inOrder = FORMATS.map(({ name }) => results.get(name));
for (const { row, codes } of inOrder) {
  const outcomes = Object.entries(codes).sort(([a], [b]) => (a < b ? -1 : 1));
  console.log(`${row.name}: ${outcomes.map(([code, count]) => `${count} ${code}`).join(', ')}`);
}
const faults = inOrder.flatMap((result) => result.faults);
for (const fault of faults.slice(0, 20)) console.log(`WRONG ${fault}`);
console.log(`${faults.length} faults`);
const images = await hostileImages({ cases: Math.ceil(COUNT / 5) });
const met = closeWithTable([...images, ...inOrder.map(({ row }) => row)]);
process.exitCode = faults.length > 0 || !met ? 1 : 0;
