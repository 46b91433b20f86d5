// Reads thousands of spoilt files of every format that we read (PyTorch as zip and legacy, zip, tar, safetensors), the
// same ones each time: each is read, or refused with an error of ours; nothing else is thrown, little memory is taken,
// and no file takes a second. What checksums protect holds the values that it held before.
// With a Python that has torch, its verdicts on the PyTorch files are compared with ours.
//   node scripts/hostile-files.mjs [number of files, default 20000] [python] [seed]
// Builds on dist/: `node scripts/build.mjs` first.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytesSource, DnaError, indexTar, openZip, randomStream, readSafetensors } from 'dna-nas/core';
import { readTorchState, torchStateDict } from 'dna-nas/nn';
import { BYTE_MUTATIONS, mutate, PICKLE_MUTATIONS, writeZip } from './hostile-mutations.mjs';
import { MUTATION_NAMES, makeFile } from './safetensors-files.mjs';
import { compareWithTorch } from './torch-reference.mjs';

const COUNT = Number(process.argv[2] ?? 20_000);
const PYTHON = process.argv[3];
const GOLDEN = fileURLToPath(new URL('../test/golden/', import.meta.url));
const MOST_MILLISECONDS = 1000;
/** Beyond eight times the file's bytes. */
const MOST_BYTES = 2 ** 24;

const golden = (folder) =>
  readdirSync(GOLDEN + folder)
    .filter((name) => !name.endsWith('.json'))
    .sort()
    .map((name) => readFileSync(`${GOLDEN}${folder}/${name}`));

const isZip = (bytes) => bytes.subarray(0, 2).toString() === 'PK';
const hash = (data) =>
  createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');

/** As the reference says it: every NaN is the same. */
function describeTorch(bytes) {
  const state = readTorchState(bytes);
  const tensors = [...torchStateDict(state)].map(([name, { shape, data }]) => {
    const sha256 = hash(data.map((value) => (Number.isNaN(value) ? Number.NaN : value)));
    return [name, { dtype: state.tensors.get(name).dtype, shape, sha256 }];
  });
  return { key: state.key ?? null, tensors };
}

function describeZip(bytes) {
  const archive = openZip(bytesSource(bytes));
  return [...archive.entries].map(([name, entry]) => [name, hash(archive.read(entry))]);
}

/** A PyTorch archive whose pickle is spoilt and whose checksums are right. */
function spoilPickle(bytes, random) {
  const archive = openZip(bytesSource(bytes));
  let kind = '';
  const entries = [...archive.entries].map(([name, entry]) => {
    const data = archive.read(entry);
    if (!name.endsWith('data.pkl')) return [name, data];
    const spoilt = mutate(data, random, PICKLE_MUTATIONS);
    kind = spoilt.kind;
    return [name, spoilt.bytes];
  });
  return { kind, bytes: writeZip(entries) };
}

const torch = golden('pytorch');
const pickBy = (list) => (random) => list[random.integer(list.length)];
const spoilBytes = (bytes, random) => mutate(bytes, random, BYTE_MUTATIONS);

/** Each with its files, how they are spoilt and read, and whether checksums protect all that is read. */
const FORMATS = [
  {
    name: 'pytorch zip',
    sound: pickBy(torch.filter(isZip)),
    spoil: spoilBytes,
    read: describeTorch,
    checked: true,
  },
  { name: 'pytorch pickle', sound: pickBy(torch.filter(isZip)), spoil: spoilPickle, read: describeTorch },
  {
    name: 'pytorch legacy',
    sound: pickBy(torch.filter((bytes) => !isZip(bytes))),
    spoil: (bytes, random) => mutate(bytes, random, PICKLE_MUTATIONS),
    read: describeTorch,
  },
  { name: 'zip', sound: pickBy(golden('zip')), spoil: spoilBytes, read: describeZip, checked: true },
  {
    name: 'tar',
    sound: pickBy(golden('tar')),
    spoil: spoilBytes,
    read: (bytes) => indexTar(bytesSource(bytes)),
  },
  {
    name: 'safetensors',
    sound: (random) => makeFile(random),
    spoil: (_, random) => {
      const kind = MUTATION_NAMES[random.integer(MUTATION_NAMES.length)];
      return { kind, bytes: makeFile(random, kind) };
    },
    read: (bytes) => [...readSafetensors(bytes).tensors.keys()],
  },
];

function read(format, bytes) {
  try {
    return { value: format.read(bytes) };
  } catch (error) {
    return error instanceof DnaError ? { refused: error.message, code: error.code } : { thrown: error };
  }
}

const worst = { milliseconds: 0, bytes: 0 };
const faults = [];

function judge(format, random, index) {
  const sound = format.sound(random);
  const { kind, bytes } = format.spoil(sound, random);
  const memory = process.memoryUsage().arrayBuffers;
  const begin = performance.now();
  const verdict = read(format, bytes);
  const milliseconds = performance.now() - begin;
  const taken = process.memoryUsage().arrayBuffers - memory - 8 * bytes.length;
  worst.milliseconds = Math.max(worst.milliseconds, milliseconds);
  worst.bytes = Math.max(worst.bytes, taken);
  const fault = (problem) => faults.push(`file ${index} (${format.name}, ${kind}): ${problem}`);
  if (verdict.thrown) fault(verdict.thrown.stack);
  if (milliseconds > MOST_MILLISECONDS) fault(`took ${Math.round(milliseconds)} ms`);
  if (taken > MOST_BYTES) fault(`took ${taken} bytes`);
  if (
    format.checked &&
    verdict.value &&
    JSON.stringify(verdict.value) !== JSON.stringify(format.read(sound))
  ) {
    fault('holds other values than before');
  }
  return { kind: `${format.name}, ${kind}`, bytes, verdict };
}

const random = randomStream(`hostile files ${process.argv[4] ?? ''}`);
const counts = new Map();
const torchFiles = [];
for (let index = 0; index < COUNT; index++) {
  const format = FORMATS[index % FORMATS.length];
  const file = judge(format, random.fork(index), index);
  const outcome = `${format.name}: ${file.verdict.value ? 'read' : (file.verdict.code ?? 'WRONG')}`;
  counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  if (PYTHON && format.read === describeTorch) torchFiles.push({ ...file, index });
}
for (const [outcome, count] of [...counts].sort()) console.log(`${String(count).padStart(7)} ${outcome}`);
const rss = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(
  `${COUNT} files: at most ${Math.round(worst.milliseconds)} ms and ${Math.round(worst.bytes / 1024)} KiB beyond eight times the file; process ${rss} MiB`,
);
if (PYTHON) {
  const folder = mkdtempSync(join(tmpdir(), 'dna-torch-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  faults.push(...compareWithTorch(torchFiles, PYTHON, folder));
}
for (const fault of faults.slice(0, 20)) console.log(`WRONG ${fault}`);
console.log(`${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
