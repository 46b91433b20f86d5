import { quoteShort } from 'dna-nas/archives';
import { torchInvalid, torchUnsupported } from './errors.js';
import { KNOWN_NAMES } from './known-names.js';
import { unpickle } from './opcodes.js';
import { PickleBytes } from './pickle-bytes.js';
import { isTuple, type PickleRules, RuleProblem } from './pickle-machine.js';
import type { PickleValue } from './pickle-values.js';
import { requireSameStorage, type StorageReference, storageReference } from './storage-reference.js';
import { TorchStorage } from './torch-storage.js';

/** The number that PyTorch chose for the first pickle, and how pickles of every protocol say it. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const MAGIC_DIGITS = Buffer.from('8a0a6cfc9c46f9206aa850192e', 'hex');
/** The digits may follow a protocol (2 bytes) and a frame (9). */
const LATEST_MAGIC_AT = 11;
const VERSION = 1001;

/** Pickles beside the one that counts may name nothing. */
const PLAIN: PickleRules = {
  knows: () => false,
  call: nothing,
  create: nothing,
  build: nothing,
  refer: nothing,
};

function nothing(): never {
  throw new RuleProblem('does more than say a value');
}

/** Whether bytes begin as a file of this format. */
export function isLegacy(bytes: Uint8Array): boolean {
  const begin = Buffer.from(bytes.subarray(0, LATEST_MAGIC_AT + MAGIC_DIGITS.length));
  return begin[0] === 0x80 && begin.includes(MAGIC_DIGITS);
}

/**
 * The format of PyTorch before 1.6: pickles of a magic number, a version, the system, the object and the keys of its
 * storages, then the storages in the order of the keys, each with its length before it.
 */
export function readLegacyFile(bytes: Uint8Array): PickleValue {
  const reader = new PickleBytes(bytes, 'the file');
  if (unpickle(reader, PLAIN) !== MAGIC)
    throw torchInvalid('it does not begin with the number of its format');
  const version = unpickle(reader, PLAIN);
  if (version !== VERSION) throw torchUnsupported(`its format is not of version ${VERSION}`);
  const system = unpickle(reader, PLAIN);
  if (!(system instanceof Map) || system.get('little_endian') !== true) {
    throw torchUnsupported('it does not say that its numbers are little-endian');
  }
  const storages = new Map<string, TorchStorage>();
  const parts = new Map<string, TorchStorage>();
  const refer = (identifier: PickleValue): TorchStorage => {
    const reference = storageReference(identifier, 6);
    const { key, dtype, length, part } = reference;
    const known = storages.get(key);
    const root = known ? requireSameStorage(known, reference) : new TorchStorage(dtype, length);
    storages.set(key, root);
    return part === undefined ? root : partOf(root, reference, { part, known: parts });
  };
  const value = unpickle(reader, { ...KNOWN_NAMES, refer });
  supply(reader, storages);
  return value;
}

/** `(key, offset, length)` of a part of a storage, which PyTorch wrote before 0.4. Equal parts are one storage. */
function partOf(
  root: TorchStorage,
  { key, dtype, length }: StorageReference,
  { part, known }: { part: PickleValue; known: Map<string, TorchStorage> },
): TorchStorage {
  const [, offset, count] = isTuple(part) && part.length === 3 ? part : [];
  if (!isCount(offset) || !isCount(count) || offset + count > length || dtype === undefined) {
    throw new RuleProblem('refers to a part of a storage that is not in it');
  }
  const place = `${offset} ${count} ${key}`;
  const width = length === 0 ? 0 : root.byteLength / length;
  const bytes = () => root.bytes().subarray(offset * width, (offset + count) * width);
  const storage = known.get(place) ?? new TorchStorage(dtype, count, bytes);
  known.set(place, storage);
  return storage;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Tells each storage where in the file its bytes are. */
function supply(reader: PickleBytes, storages: ReadonlyMap<string, TorchStorage>): void {
  const keys = unpickle(reader, PLAIN);
  if (!Array.isArray(keys)) throw torchInvalid('a list of its storages is missing');
  const left = new Map(storages);
  for (const key of keys as readonly PickleValue[]) {
    const storage = typeof key === 'string' ? left.get(key) : undefined;
    if (!storage) throw torchInvalid(`it lists a storage of no tensor, or twice, before byte ${reader.at}`);
    left.delete(key as string);
    const at = reader.at;
    const length = reader.length64();
    if (length !== storage.length) {
      throw torchInvalid(`the storage at byte ${at} has ${length} elements, expected ${storage.length}`);
    }
    const bytes = reader.take(storage.byteLength);
    storage.supply(() => bytes);
  }
  const [missing] = left.keys();
  if (missing !== undefined) throw torchInvalid(`it has no data for the storage ${quoteShort(missing)}`);
  if (reader.left > 0) throw torchInvalid(`${reader.left} bytes follow its last storage`);
}
