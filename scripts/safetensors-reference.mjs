// Compares our reader of safetensors files with the reference implementation (PyPI `safetensors`, in a virtual
// environment of its own that is removed again) on thousands of sound and hostile files, the same ones each time.
// Ours may be stricter for the reasons below, never laxer; what both accept must hold the same values.
// Builds on dist/: `node scripts/build.mjs` first. Takes the number of files.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomStream } from 'dna-nas/core';
import { readSafetensors } from 'dna-nas/files';
import { MUTATION_NAMES, makeFile } from './safetensors-files.mjs';

const VERSION = '0.8.0';
const READER = fileURLToPath(new URL('./safetensors_reference.py', import.meta.url));
const COUNT = Number(process.argv[2] ?? 6000);
/** Why ours may refuse what the reference accepts. */
const STRICTER = {
  'a key twice': /a second time/,
  'the key __proto__': /the key "__proto__"/,
  'an integer above 2^53': /beyond 2\^53|larger than any file/,
  'a dtype that is not read': /has the dtype "/,
  'a field that the format does not have': /unknown property/,
  'nesting beyond eight levels': /nesting deeper/,
  'metadata that is null': /"__metadata__" is not an object/,
  'space before the header': /does not begin with "\{"/,
  'a tensor as a list': /tensor .* is not an object/,
  'a number that is no whole one, in a field that is not read': /only whole numbers/,
};

function skip(reason) {
  console.log(`skipped: ${reason}`);
  process.exit(0);
}

function command(name, words, reason) {
  const { status, error, stdout, stderr } = spawnSync(name, words, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status === 0) return stdout;
  if (reason) skip(`${reason} (${error?.message ?? stderr.trim().split('\n').at(-1)})`);
  throw error ?? new Error(stderr);
}

function makeFiles() {
  const random = randomStream('safetensors reference');
  return Array.from({ length: COUNT }, (_, index) => {
    const kind = index % 4 === 0 ? undefined : MUTATION_NAMES[random.integer(MUTATION_NAMES.length)];
    return { kind: kind ?? 'sound', bytes: makeFile(random.fork(index), kind) };
  });
}

function referenceVerdicts(files, folder) {
  const venv = join(folder, 'venv');
  command('python3', ['-m', 'venv', venv], 'there is no python3 that makes virtual environments');
  const python = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  command(
    python,
    ['-m', 'pip', 'install', '--quiet', `safetensors==${VERSION}`],
    `safetensors ${VERSION} cannot be installed`,
  );
  const lengths = files.map(({ bytes }) => Buffer.from(Uint32Array.of(bytes.length).buffer));
  const all = join(folder, 'files');
  writeFileSync(all, Buffer.concat(files.flatMap(({ bytes }, index) => [lengths[index], bytes])));
  return command(python, [READER, all])
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function ourVerdict(bytes) {
  try {
    const { tensors } = readSafetensors(bytes);
    return {
      tensors: Object.fromEntries(
        [...tensors].map(([name, { shape, data }]) => [name, [shape, hashOf(data)]]),
      ),
    };
  } catch (error) {
    return { refused: error.message, expected: error.code === 'SAFETENSORS_INVALID' };
  }
}

/** Of 32-bit floats every NaN of a 16-bit one is the same, as in the reference's values. */
function hashOf(data) {
  return createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');
}

/** What the two verdicts come to; a disagreement begins with `WRONG`. */
function compare(ours, reference) {
  if (ours.refused && !ours.expected) return `WRONG: ours failed: ${ours.refused}`;
  if (reference.refused)
    return ours.refused ? 'both refuse' : `WRONG: only the reference refuses: ${reference.refused}`;
  if (!ours.refused)
    return sameTensors(ours.tensors, reference.tensors) ? 'both accept, same values' : 'WRONG: other values';
  const [reason] = Object.entries(STRICTER).find(([, pattern]) => pattern.test(ours.refused)) ?? [];
  return reason ? `only ours refuses: ${reason}` : `WRONG: only ours refuses: ${ours.refused}`;
}

function sameTensors(ours, reference) {
  const sorted = (tensors) => JSON.stringify(Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(ours) === sorted(reference);
}

const folder = mkdtempSync(join(tmpdir(), 'dna-safetensors-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const files = makeFiles();
const verdicts = referenceVerdicts(files, folder);
const counts = new Map();
for (const [index, { kind, bytes }] of files.entries()) {
  const outcome = compare(ourVerdict(bytes), verdicts[index]);
  counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  if (outcome.startsWith('WRONG')) console.log(`file ${index} (${kind}): ${outcome}`);
}
for (const [outcome, count] of [...counts].sort(([, a], [, b]) => b - a))
  console.log(`${String(count).padStart(6)} ${outcome}`);
const wrong = [...counts]
  .filter(([outcome]) => outcome.startsWith('WRONG'))
  .reduce((sum, [, count]) => sum + count, 0);
console.log(`${files.length} files against safetensors ${VERSION}: ${wrong} disagreements`);
process.exitCode = wrong > 0 || verdicts.length !== files.length ? 1 : 0;
