import { createHash } from 'node:crypto';
import type { InspectedImage } from 'dna-nas/core/contracts';
import type { Size } from './view.js';

/** Integers that are told of an image: width, height, SHA-256 of its file. */
export const RECORD_WORDS = 10;

const DIGEST_AT = 2;

/** The record of an image of a batch. */
export function recordOf(records: Int32Array, place: number): Int32Array {
  return records.subarray(place * RECORD_WORDS, (place + 1) * RECORD_WORDS);
}

export function writeDigest(record: Int32Array, bytes: Uint8Array): void {
  const digest = createHash('sha256').update(bytes).digest();
  for (let word = DIGEST_AT; word < RECORD_WORDS; word++)
    record[word] = digest.readInt32BE(4 * (word - DIGEST_AT));
}

export function writeSize(record: Int32Array, { width, height }: Size): void {
  record.set([width, height]);
}

/** What is told of a damaged image among a batch's problems. */
export function damageText(place: number, reason: string): string {
  return `${place} ${reason}`;
}

/** What records and problems say of a batch's images. */
export function readInspections(
  records: Int32Array,
  problems: readonly string[],
): Omit<InspectedImage, 'label'>[] {
  const damages = new Map(
    problems.map((text) => [Number.parseInt(text, 10), text.slice(text.indexOf(' ') + 1)]),
  );
  return Array.from({ length: records.length / RECORD_WORDS }, (_, place) => {
    const [width, height, ...words] = recordOf(records, place);
    const digest = Buffer.alloc(4 * words.length);
    for (const [at, word] of words.entries()) digest.writeInt32BE(word, 4 * at);
    const damage = damages.get(place);
    return {
      // A file that cannot be read has no digest.
      digest: words.every((word) => word === 0) ? '' : digest.toString('hex'),
      height: height!,
      width: width!,
      ...(damage !== undefined && { damage }),
    };
  });
}
