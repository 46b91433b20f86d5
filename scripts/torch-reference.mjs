// What torch.load(weights_only=True) makes of files, beside what our reader makes of them.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./torch-reference.py', import.meta.url));

/** Why ours may refuse what PyTorch accepts. */
const STRICTER = {
  'a zip header that contradicts the directory':
    /contradicts the directory|directories differ|has no header|beyond any file/,
  'a zip directory that is not where it should be':
    /directory should lie|no end of a 64-bit directory|directory is said to end/,
  'zip entries that overlap': /overlaps the one before/,
  'tensors of many times the file': /tensors would occupy/,
  'a pickle that does not begin with its protocol': /holds no pickle/,
  'a wrong CRC-32': /has the CRC-32/,
  'a zip archive of several parts': /one part of several|is in another part/,
  'names that are not UTF-8': /not UTF-8/,
  'stored entries of two sizes': /is stored, and/,
  'a folder with content': /is said to be a folder/,
  'a place of the memo used twice': /stores under \d+ a second time/,
  'a key twice': /into a dictionary a second time/,
  'bytes behind the last storage': /follow its last storage/,
  'a view beyond its storage, which PyTorch enlarges': /reaches to element/,
  'a storage of two types or lengths': /as one of another type or length/,
  'storages that are not there': /has no data for the storage/,
  'a byte order that is not said': /does not say that its numbers are little-endian/,
  'sizes and places that are no whole numbers from 0':
    /whole numbers|is no number|(strides|offset|shape) that cannot be|without a key or a place/,
  'types of storages as objects': /creates an object|UntypedStorage, which is a type/,
  'arguments that are no tuple': /applies what is no name/,
  'numpy types of several parts': /gives a numpy type (parts|another byte order)/,
  'a length beyond the file': /bytes are to follow/,
  'another protocol than 2 to 5': /has the protocol/,
  'keys that are objects': /key that is no text or number/,
  'values left over at the end': /values left over/,
  'storages of no type where one is needed': /storage without a type|storage of no known type/,
  'bytes behind a zip archive': /do not end in a directory/,
  'metadata that changes values': /has metadata by which/,
};

/** Why ours may read what PyTorch's reader without code refuses. */
const LAXER = {
  'an opcode of protocols 3 to 5, or of Python 2': /Unsupported operand/,
  'an entry that holds no tensor': /UnicodeDecodeError|invalid literal for int/,
  'a device that it does not have': /[Dd]evice/,
};

/** One verdict a file; where the reference dies of a file, that one has the verdict `died`. */
function verdicts(files, python, folder) {
  const lengths = files.map(({ bytes }) => Buffer.from(Uint32Array.of(bytes.length).buffer));
  const bundle = join(folder, 'files');
  writeFileSync(bundle, Buffer.concat(files.flatMap(({ bytes }, index) => [lengths[index], bytes])));
  const found = [];
  while (found.length < files.length) {
    const { stdout, stderr, error } = spawnSync(python, [SCRIPT, 'judge', bundle, String(found.length)], {
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
    if (error) throw error;
    const lines = stdout.split('\n').slice(0, -1);
    if (lines.length === 0 && found.length === 0) throw new Error(stderr);
    found.push(...lines.map((line) => JSON.parse(line)));
    if (found.length < files.length) found.push({ died: stderr.trim().split('\n').at(-1) ?? '' });
  }
  return found;
}

/** What the two verdicts come to; a disagreement begins with `WRONG`. */
function compare(ours, reference) {
  if (reference.died !== undefined)
    return ours.value ? 'ours reads what kills PyTorch' : 'ours refuses what kills PyTorch';
  if (!ours.value && reference.refused) return 'both refuse';
  if (ours.value && reference.tensors) {
    const same =
      JSON.stringify(ours.value) ===
      JSON.stringify({ key: reference.key, tensors: Object.entries(reference.tensors) });
    return same ? 'both read the same' : 'WRONG: other values';
  }
  const [list, text, who] = ours.value
    ? [LAXER, reference.refused, 'only PyTorch refuses']
    : [STRICTER, ours.refused, 'only ours refuses'];
  const [reason] = Object.entries(list).find(([, pattern]) => pattern.test(text)) ?? [];
  return reason ? `${who}: ${reason}` : `WRONG: ${who}: ${text}`;
}

/** Prints what came of it and returns the faults. */
export function compareWithTorch(files, python, folder) {
  const references = verdicts(files, python, folder);
  const counts = new Map();
  const faults = [];
  for (const [index, file] of files.entries()) {
    const outcome = compare(file.verdict, references[index]);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    if (outcome.startsWith('WRONG')) faults.push(`file ${file.index} (${file.kind}): ${outcome.slice(7)}`);
  }
  for (const [outcome, count] of [...counts].sort(([, a], [, b]) => b - a)) {
    if (!outcome.startsWith('WRONG')) console.log(`${String(count).padStart(7)} ${outcome}`);
  }
  return faults;
}
