// The process that reads hostile files of one format, so that a crash is counted and memory measured; for
// scripts/hostile-files.mjs. Prints a line of JSON now and then, and at its end, with what it has come to.
//   node scripts/hostile-reader.mjs FORMAT COUNT SEED [python]     reads so many files that it spoils itself
//   node scripts/hostile-reader.mjs FORMAT --file FILE             reads this one
import { mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomStream } from 'dna-nas/core';
import { DnaError } from 'dna-nas/errors';
import { caseOf, FORMATS } from './hostile-formats.mjs';
import { peakMegabytes } from './peak-memory.mjs';
import { compareWithTorch } from './torch-reference.mjs';

const [NAME, COUNT, SEED, PYTHON] = process.argv.slice(2);
const TOLD_EVERY = 100;
/** Beyond eight times the file's bytes. */
const MOST_BYTES = 2 ** 24;

const format = FORMATS.find(({ name }) => name === NAME);
const row = { name: NAME, cases: 0, refused: 0, accepted: 0, worstMegabytes: 0, worstSeconds: 0 };
const codes = {};
const faults = [];
const torchFiles = [];

async function read(bytes) {
  // Of the processor, so that what else the machine does changes nothing.
  const begin = process.cpuUsage();
  const verdict = await verdictOf(bytes);
  const { user, system } = process.cpuUsage(begin);
  row.worstSeconds = Math.max(row.worstSeconds, (user + system) / 1e6);
  row.cases++;
  if (!verdict.thrown) row[verdict.code ? 'refused' : 'accepted']++;
  const outcome = verdict.thrown ? 'WRONG' : (verdict.code ?? 'read');
  codes[outcome] = (codes[outcome] ?? 0) + 1;
  return verdict;
}

async function verdictOf(bytes) {
  try {
    return { value: await format.read(bytes) };
  } catch (error) {
    return error instanceof DnaError ? { refused: error.message, code: error.code } : { thrown: error };
  }
}

function tell() {
  row.worstMegabytes = peakMegabytes();
  writeSync(1, `${JSON.stringify({ row, codes, faults: faults.slice(0, 20) })}\n`);
}

async function judge(random, index) {
  const { sound, kind, bytes } = caseOf(format, random);
  const memory = process.memoryUsage().arrayBuffers;
  const verdict = await read(bytes);
  const taken = process.memoryUsage().arrayBuffers - memory - 8 * bytes.length;
  const fault = (problem) => faults.push(`file ${index} (${NAME}, ${kind}): ${problem}`);
  if (verdict.thrown) fault(verdict.thrown.stack);
  if (taken > MOST_BYTES) fault(`took ${taken} bytes beyond eight times the file`);
  if (format.checked && verdict.value) {
    const same = JSON.stringify(verdict.value) === JSON.stringify(await format.read(sound));
    if (!same) fault('holds other values than before');
  }
  if (PYTHON && format.isTorch) torchFiles.push({ kind: `${NAME}, ${kind}`, bytes, verdict, index });
}

async function readMany() {
  const random = randomStream(`hostile files ${SEED ?? ''}`).fork(NAME);
  for (let index = 0; index < Number(COUNT); index++) {
    await judge(random.fork(index), index);
    if (index % TOLD_EVERY === 0) tell();
  }
  tell();
  if (torchFiles.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), 'dna-torch-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  faults.push(...compareWithTorch(torchFiles, PYTHON, folder));
  tell();
}

async function readOne(file) {
  const { thrown } = await read(readFileSync(file));
  if (thrown) faults.push(thrown.stack);
  tell();
}

await (COUNT === '--file' ? readOne(SEED) : readMany());
