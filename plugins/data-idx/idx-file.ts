import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { ifExists, nodeFiles } from 'dna-nas/files';
import { dataCorrupt, dataFileMissing } from './errors.js';

/** An array of unsigned bytes as the IDX format keeps it: row-major, first dimension slowest. */
export interface IdxArray {
  readonly dimensions: readonly number[];
  readonly bytes: Uint8Array;
}

export interface IdxFile extends IdxArray {
  /** Of the whole file, unpacked. */
  readonly sha256: string;
}

/** Type code of unsigned bytes in the header's third byte. */
const UNSIGNED_BYTE = 0x08;

/** Reads `file`, or `file.gz` if there is no `file`. @throws DnaError `DATA_FILE_MISSING` or `DATA_CORRUPT` */
export function readIdx(file: string): IdxFile {
  const content = ifExists(() => nodeFiles.readFile(file));
  if (content) return decodeIdx(content, file);
  const packedFile = `${file}.gz`;
  const packed = ifExists(() => nodeFiles.readFile(packedFile));
  if (!packed) throw dataFileMissing(file);
  return decodeIdx(unpack(packed, packedFile), packedFile);
}

function unpack(packed: Uint8Array, file: string): Uint8Array {
  try {
    return gunzipSync(packed);
  } catch (error) {
    throw dataCorrupt(file, (error as Error).message, 'a whole gzip file');
  }
}

/** Checks the header against the length. `name` stands in messages. @throws DnaError `DATA_CORRUPT` */
export function decodeIdx(content: Uint8Array, name: string, fix?: string): IdxFile {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (content.length < 4)
    throw dataCorrupt(name, `${content.length} bytes`, 'at least 4 for the header', fix);
  if (view.getUint16(0) !== 0 || content[2] !== UNSIGNED_BYTE) {
    const found = `it begins with ${Buffer.from(content.subarray(0, 4)).toString('hex')}`;
    throw dataCorrupt(name, found, '000008 and the number of dimensions (IDX, unsigned bytes)', fix);
  }
  const rank = content[3]!;
  const header = 4 + 4 * rank;
  if (content.length < header) {
    throw dataCorrupt(name, `${content.length} bytes`, `${header} for a header of ${rank} dimensions`, fix);
  }
  const dimensions = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = header + dimensions.reduce((product, extent) => product * extent, 1);
  if (content.length !== expected) {
    throw dataCorrupt(name, `${content.length} bytes`, `${expected} (${dimensions.join(' × ')})`, fix);
  }
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { dimensions, bytes: content.subarray(header), sha256 };
}

/** The bytes of an IDX file. */
export function encodeIdx({ dimensions, bytes }: IdxArray): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * dimensions.length));
  header.setUint8(2, UNSIGNED_BYTE);
  header.setUint8(3, dimensions.length);
  dimensions.forEach((extent, axis) => {
    header.setUint32(4 + 4 * axis, extent);
  });
  const content = new Uint8Array(header.byteLength + bytes.length);
  content.set(new Uint8Array(header.buffer));
  content.set(bytes, header.byteLength);
  return content;
}
