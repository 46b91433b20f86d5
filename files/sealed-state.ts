import { createHash } from 'node:crypto';
import { corrupt } from './errors.js';
import { isPlainObject } from './plain.js';
import { plainJson } from './plain-json.js';
import { readSafetensors, toStateDict, writeSafetensors } from './safetensors.js';
import type { TensorValue } from './safetensors-types.js';

const NO_HASH = '0'.repeat(64);
const SEAL = new TextEncoder().encode('"sha256":"');
const LENGTH_BYTES = 8;
const FIX =
  'The file changed after it was written: restore it from a backup, or remove it to compute it again.';

/** Data and tensors that are kept together. */
export interface FileState {
  readonly json: Readonly<Record<string, unknown>>;
  readonly tensors: ReadonlyMap<string, TensorValue>;
}

/** A state as a safetensors file that carries the SHA-256 of itself, so that one file is whole or known not to be. */
export interface SealedState {
  readonly bytes: Uint8Array;
  /** Hex; of the file with zeros in place of this hash. */
  readonly sha256: string;
}

/**
 * Equal states give equal bytes. `path` names the file in errors, `folders` are absolute ones that may not be in it.
 * @throws DnaError `STORE_VALUE_INVALID` or `SAFETENSORS_UNWRITABLE`.
 */
export function sealState(state: FileState, path: string, folders: readonly string[] = []): SealedState {
  const json = plainJson(state.json, path, { folders });
  const bytes = writeSafetensors(state.tensors, { json, sha256: NO_HASH });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  bytes.set(new TextEncoder().encode(sha256), sealPosition(bytes)!);
  return { bytes, sha256 };
}

/**
 * Reads a sealed state and proves it.
 * @throws DnaError `STORE_CORRUPT` if any bit differs from what was written, or if it is not the one with `sha256`.
 */
export function openSealedState(bytes: Uint8Array, path: string, sha256?: string): FileState {
  const position = sealPosition(bytes);
  if (position === undefined) throw corrupt(path, 'it carries no hash', FIX);
  const claimed = new TextDecoder().decode(bytes.subarray(position, position + NO_HASH.length));
  const unsealed = createHash('sha256')
    .update(bytes.subarray(0, position))
    .update(NO_HASH)
    .update(bytes.subarray(position + NO_HASH.length))
    .digest('hex');
  if (claimed !== unsealed) throw corrupt(path, 'its content does not match its SHA-256', FIX);
  if (sha256 !== undefined && sha256 !== claimed)
    throw corrupt(path, 'it is not the file that was committed', FIX);
  const file = readSafetensors(bytes);
  return { json: jsonOf(file.metadata.get('json') ?? '{}', path), tensors: toStateDict(file) };
}

/** A seal proves that nothing changed since, not that whoever made it wrote an object. */
function jsonOf(text: string, path: string): FileState['json'] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw corrupt(path, 'its metadata "json" is not JSON', FIX);
  }
  if (!isPlainObject(value)) throw corrupt(path, 'its metadata "json" is no object', FIX);
  return value;
}

/** Where the hash stands: its quotes are escaped inside any other string, so the first match is the key. */
function sealPosition(bytes: Uint8Array): number | undefined {
  const length =
    bytes.length < LENGTH_BYTES ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, LENGTH_BYTES + length));
  const found = header.indexOf(SEAL);
  const position = found + SEAL.length;
  return found < 0 || position + NO_HASH.length > header.length ? undefined : position;
}
