import { createHash } from 'node:crypto';
import { corrupt } from './errors.js';
import { type PlainJsonOptions, plainJson } from './plain-json.js';

const NO_HASH = '0'.repeat(64);
const SEAL = /"sha256": ?"([0-9a-f]{64})"\s*\}\s*$/;

/**
 * A plain object as JSON that carries the SHA-256 of itself as its last property, so that one file is whole or known
 * not to be. `path` names the file in errors.
 * @throws DnaError `STORE_VALUE_INVALID`.
 */
export function sealJson(value: object, path: string, options: PlainJsonOptions = {}): Uint8Array {
  const text = `${plainJson({ ...value, sha256: NO_HASH }, path, options)}\n`;
  const position = text.lastIndexOf(NO_HASH);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return new TextEncoder().encode(text.slice(0, position) + sha256 + text.slice(position + NO_HASH.length));
}

/**
 * Reads a sealed object and proves it; the seal itself is left out.
 * @throws DnaError `STORE_CORRUPT` if any bit differs from what was written.
 */
export function openSealedJson(bytes: Uint8Array, path: string, fix: string): Record<string, unknown> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const seal = SEAL.exec(text);
  if (!seal) throw corrupt(path, 'it carries no hash', fix);
  const position = seal.index + seal[0].indexOf(seal[1]!);
  const unsealed = createHash('sha256')
    .update(bytes.subarray(0, position))
    .update(NO_HASH)
    .update(bytes.subarray(position + NO_HASH.length))
    .digest('hex');
  if (unsealed !== seal[1]) throw corrupt(path, 'its content does not match its SHA-256', fix);
  const { sha256: _, ...value } = parsed(bytes, path, fix);
  return value;
}

/** A seal proves that nothing changed since, not that whoever made it wrote JSON. */
function parsed(bytes: Uint8Array, path: string, fix: string): Record<string, unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    throw corrupt(path, 'it is not JSON', fix);
  }
}
