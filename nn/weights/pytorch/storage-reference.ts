import { quoteShort } from 'dna-nas/archives';
import type { TorchDtype } from './dtypes.js';
import { STORAGES, UNTYPED_STORAGE } from './known-names.js';
import { isTuple, RuleProblem } from './pickle-machine.js';
import { PickleName, type PickleValue } from './pickle-values.js';
import type { TorchStorage } from './torch-storage.js';

/** What a pickle says of a storage that lies outside of it. */
export interface StorageReference {
  readonly key: string;
  readonly dtype: TorchDtype | undefined;
  /** In elements of its type, else in bytes. */
  readonly length: number;
  /** The part of the storage that is meant, as files of old versions have it. */
  readonly part?: PickleValue;
}

/**
 * Reads `('storage', type, key, location, number of elements)`; the old format may have a sixth thing, None or a part.
 * @throws RuleProblem
 */
export function storageReference(identifier: PickleValue, most: 5 | 6): StorageReference {
  if (!isTuple(identifier) || identifier.length > most || identifier[0] !== 'storage') {
    throw new RuleProblem('refers to something that is no storage');
  }
  const [, type, key, location, length, part] = identifier;
  if (!(type instanceof PickleName) || (type.text !== UNTYPED_STORAGE && !STORAGES.has(type.text))) {
    throw new RuleProblem('refers to a storage of no known type');
  }
  if (typeof key !== 'string' || typeof location !== 'string') {
    throw new RuleProblem('refers to a storage without a key or a place');
  }
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) {
    throw new RuleProblem('refers to a storage whose length is no number');
  }
  return {
    key,
    dtype: STORAGES.get(type.text),
    length,
    ...(part !== undefined && part !== null && { part }),
  };
}

/** A storage that is referred to again, which must be in the same way. */
export function requireSameStorage(
  known: TorchStorage,
  { key, dtype, length }: StorageReference,
): TorchStorage {
  if (known.dtype === dtype && known.length === length) return known;
  throw new RuleProblem(
    `refers to the storage ${quoteShort(key)} a second time, as one of another type or length`,
  );
}
