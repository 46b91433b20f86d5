import { maskedCrc32c } from './crc32c.js';

const LENGTH = 8;
const SUM = 4;

/** A record of a TFRecord file: its length, the sum of that, the data, the sum of these. */
export function encodeRecord(data: Uint8Array): Buffer {
  const record = Buffer.alloc(LENGTH + SUM + data.length + SUM);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, LENGTH)), LENGTH);
  record.set(data, LENGTH + SUM);
  record.writeUInt32LE(maskedCrc32c(data), LENGTH + SUM + data.length);
  return record;
}

/** Records up to the first that is torn or damaged, as TensorBoard reads them. */
export function* readRecords(file: Buffer): Generator<Buffer> {
  for (let at = 0; at + LENGTH + SUM <= file.length; ) {
    const head = file.subarray(at, at + LENGTH);
    const length = Number(head.readBigUInt64LE());
    const start = at + LENGTH + SUM;
    const end = start + length;
    if (file.readUInt32LE(at + LENGTH) !== maskedCrc32c(head) || end + SUM > file.length) return;
    const data = file.subarray(start, end);
    if (file.readUInt32LE(end) !== maskedCrc32c(data)) return;
    yield data;
    at = end + SUM;
  }
}
