// The formats of weights and archives that are read from strangers: sound files of each, how they are spoilt, and what
// reading one comes to.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bytesSource, indexTar, openZip } from 'dna-nas/archives';
import { readSafetensors, toStateDict } from 'dna-nas/files';
import { readTorchState, torchStateDict } from 'dna-nas/nn/weights';
import { manyTensors, manyViews, pickleBomb, zipBomb } from './hostile-bombs.mjs';
import { BYTE_MUTATIONS, mutate, PICKLE_MUTATIONS, writeZip } from './hostile-mutations.mjs';
import { countParquet, isParquet, parquetBomb } from './hostile-parquet.mjs';
import { MUTATION_NAMES, makeFile } from './safetensors-files.mjs';

const GOLDEN = fileURLToPath(new URL('../test/golden/', import.meta.url));

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

/** Each changes thousands of small files in small ways. Checksums protect all that is read of those that are `checked`. */
const SPOILT = [
  {
    name: 'PyTorch, zip',
    sound: pickBy(torch.filter(isZip)),
    spoil: spoilBytes,
    read: describeTorch,
    checked: true,
    isTorch: true,
  },
  {
    name: 'PyTorch, pickle',
    sound: pickBy(torch.filter(isZip)),
    spoil: spoilPickle,
    read: describeTorch,
    isTorch: true,
  },
  {
    name: 'PyTorch, legacy',
    sound: pickBy(torch.filter((bytes) => !isZip(bytes))),
    spoil: (bytes, random) => mutate(bytes, random, PICKLE_MUTATIONS),
    read: describeTorch,
    isTorch: true,
  },
  { name: 'zip', sound: pickBy(golden('zip')), spoil: spoilBytes, read: describeZip, checked: true },
  {
    name: 'tar',
    sound: pickBy(golden('tar')),
    spoil: spoilBytes,
    read: (bytes) => indexTar(bytesSource(bytes)),
  },
  {
    name: 'Parquet',
    // A process for each file, as where it is read.
    share: 1 / 20,
    sound: pickBy(golden('parquet').filter(isParquet)),
    spoil: spoilBytes,
    read: countParquet,
  },
  {
    name: 'safetensors',
    sound: (random) => makeFile(random),
    spoil: (_, random) => {
      const kind = MUTATION_NAMES[random.integer(MUTATION_NAMES.length)];
      return { kind, bytes: makeFile(random, kind) };
    },
    read: (bytes) => [...toStateDict(readSafetensors(bytes)).keys()],
  },
];

/** Each makes few files that ask for as much memory or time as they can. */
const BOMBS = [
  {
    name: 'PyTorch, many views',
    cases: 40,
    make: manyViews,
    read: (bytes) => torchStateDict(readTorchState(bytes)).size,
  },
  {
    name: 'PyTorch, pickle bombs',
    cases: 24,
    make: pickleBomb,
    read: (bytes) => torchStateDict(readTorchState(bytes)).size,
  },
  {
    name: 'safetensors, many tensors',
    cases: 12,
    make: manyTensors,
    read: (bytes) => toStateDict(readSafetensors(bytes)).size,
  },
  { name: 'Parquet bombs', cases: 9, make: parquetBomb, read: countParquet },
  { name: 'zip bombs', cases: 12, make: zipBomb, read: (bytes) => describeZip(bytes).length },
];

/** All formats; those without a number of cases share the number that is asked for. */
export const FORMATS = [...SPOILT, ...BOMBS];

/** File number `index` of a format: its bytes, how it was spoilt, and the sound file that it was. */
export function caseOf(format, random) {
  if (format.make) return format.make(random);
  const sound = format.sound(random);
  return { sound, ...format.spoil(sound, random) };
}
